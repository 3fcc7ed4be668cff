import { inOrder } from './apart.js';
import { locale } from './language.js';
import { text } from './words.js';

/** Numbers as people read them, never broken between number and unit, of a shape that does not make columns jump. */

/** Keeps number and unit on one line. */
const gap = '\u00a0';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(locale);
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const exactClock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dateAndClock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

function measured(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : oneDigit.format(value)}${gap}${units[unit]}`;
}

/** `1536` → `1.5 KiB`. */
export function bytes(count: number): string {
  return inOrder(measured(count));
}

export function speed(bytesPerSecond: number): string {
  return inOrder(`${measured(bytesPerSecond)}/s`);
}

/** `31.9 GB`: powers of 1000, as drives are sold. */
export function driveSize(size: number): string {
  const billions = size / 1e9;
  return inOrder(billions < 1000 ? `${oneDigit.format(billions)}${gap}GB` : `${oneDigit.format(billions / 1000)}${gap}TB`);
}

/** Bytes per second in `500K`, `2M` or a number, units as in drayctl; undefined when it is none. */
export function speedIn(text: string): number | undefined {
  const parts = /^(\d{1,12})([KMG]?)$/i.exec(text.trim());
  if (!parts) return undefined;
  return Number(parts[1]) * 1024 ** ' KMG'.indexOf((parts[2] || ' ').toUpperCase());
}

/** `75` → `1 min 15 s`; the second unit keeps two digits. */
export function duration(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const { second, minute, hour, day } = text.units;
  if (all < 60) return `${all}${gap}${second}`;
  if (all < 3600) return `${Math.floor(all / 60)}${gap}${minute}${gap}${two(all % 60)}${gap}${second}`;
  if (all < 86_400) return `${Math.floor(all / 3600)}${gap}${hour}${gap}${two(Math.floor((all % 3600) / 60))}${gap}${minute}`;
  return `${Math.floor(all / 86_400)}${gap}${day}${gap}${two(Math.floor((all % 86_400) / 3600))}${gap}${hour}`;
}

/** An average: `2.4 s` below ten seconds, else as duration(). */
export function seconds(count: number): string {
  return count < 9.95 ? `${oneDigit.format(count)}${gap}${text.units.second}` : duration(count);
}

/** `0.25` → `25 %`. */
export function share(part: number): string {
  return percentage(Math.round(part * 100));
}

/** `25` → `25 %`. */
export function percentage(percent: number): string {
  return inOrder(`${percent}${gap}%`);
}

/** Rounded down: 100 % is said only when all is done. Undefined while the total is unknown. */
export function percent(done: number | undefined, total: number | undefined): number | undefined {
  if (total === undefined || total <= 0) return undefined;
  return Math.min(100, Math.floor(((done ?? 0) * 100) / total));
}

export function number(count: number): string {
  return whole.format(count);
}

/** `21:40`. */
export function clockTime(milliseconds: number): string {
  return clock.format(milliseconds);
}

/** `21:40:07`. */
export function exactTime(milliseconds: number): string {
  return exactClock.format(milliseconds);
}

export function dateTime(milliseconds: number): string {
  return dateAndClock.format(milliseconds);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
