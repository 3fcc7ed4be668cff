import { Format } from '../../../shared/format.js';
import { inOrder } from './apart.js';
import { locale } from './language.js';
import { text } from './words.js';

/** Numbers and times as the reader of the page reads them. */

const format = new Format(locale, text.units, inOrder);
const whole = new Intl.NumberFormat(locale);
const dayCount = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const exactClock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dateAndClock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

export const bytes = (count: number) => format.bytes(count);
export const speed = (bytesPerSecond: number) => format.speed(bytesPerSecond);
export const duration = (seconds: number) => format.duration(seconds);
export const seconds = (count: number) => format.seconds(count);
export const share = (part: number) => format.share(part);
export const percentage = (percent: number) => format.percentage(percent);
export const driveSize = (size: number) => format.driveSize(size);

/** Bytes per second in `500K`, `2M` or a number, units as in drayctl; undefined when it is none. */
export function speedIn(text: string): number | undefined {
  const parts = /^(\d{1,12})([KMG]?)$/i.exec(text.trim());
  if (!parts) return undefined;
  return Number(parts[1]) * 1024 ** ' KMG'.indexOf((parts[2] || ' ').toUpperCase());
}

/** Rounded down: 100 % is said only when all is done. Undefined while the total is unknown. */
export function percent(done: number | undefined, total: number | undefined): number | undefined {
  if (total === undefined || total <= 0) return undefined;
  return Math.min(100, Math.floor(((done ?? 0) * 100) / total));
}

export function number(count: number): string {
  return whole.format(count);
}

/** `7 days`. */
export function days(count: number): string {
  return dayCount.format(count);
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
