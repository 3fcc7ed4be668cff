/** Keeps number and unit on one line. */
const gap = '\u00a0';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export interface FormatWords {
  day: string;
  hour: string;
  minute: string;
  second: string;
}

const usualWords: FormatWords = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/** Numbers as people of a locale read them, never broken between number and unit, of a shape that does not make columns jump. */
export class Format {
  private readonly oneDigit: Intl.NumberFormat;

  constructor(
    locale: string,
    private readonly words = usualWords,
    /** Makes a number with a Latin unit read the right way in the sentence around it. */
    private readonly inOrder = (measured: string) => measured,
  ) {
    this.oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** `1536` → `1.5 KiB`. */
  bytes(count: number): string {
    return this.inOrder(this.measured(count));
  }

  speed(bytesPerSecond: number): string {
    return this.inOrder(`${this.measured(bytesPerSecond)}/s`);
  }

  /** `31.9 GB`: powers of 1000, as drives are sold. */
  driveSize(size: number): string {
    const billions = size / 1e9;
    return this.inOrder(billions < 1000 ? `${this.oneDigit.format(billions)}${gap}GB` : `${this.oneDigit.format(billions / 1000)}${gap}TB`);
  }

  private measured(count: number): string {
    let value = count;
    let unit = 0;
    while (value >= 1023.95 && unit < units.length - 1) {
      value /= 1024;
      unit += 1;
    }
    return `${unit === 0 ? Math.round(value) : this.oneDigit.format(value)}${gap}${units[unit]}`;
  }

  /** `75` → `1 min 15 s`; the second unit keeps two digits. */
  duration(seconds: number): string {
    const all = Math.max(0, Math.round(seconds));
    const { second, minute, hour, day } = this.words;
    if (all < 60) return `${all}${gap}${second}`;
    if (all < 3600) return `${Math.floor(all / 60)}${gap}${minute}${gap}${two(all % 60)}${gap}${second}`;
    if (all < 86_400) return `${Math.floor(all / 3600)}${gap}${hour}${gap}${two(Math.floor((all % 3600) / 60))}${gap}${minute}`;
    return `${Math.floor(all / 86_400)}${gap}${day}${gap}${two(Math.floor((all % 86_400) / 3600))}${gap}${hour}`;
  }

  /** An average: `2.4 s` below ten seconds, else as duration(). */
  seconds(count: number): string {
    return count < 9.95 ? `${this.oneDigit.format(count)}${gap}${this.words.second}` : this.duration(count);
  }

  /** `0.25` → `25 %`. */
  share(part: number): string {
    return this.percentage(Math.round(part * 100));
  }

  /** `25` → `25 %`. */
  percentage(percent: number): string {
    return this.inOrder(`${percent}${gap}%`);
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
