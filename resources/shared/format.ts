/** Keeps number and unit on one line. */
const gap = '\u00a0';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Numbers as people of a locale read them, never broken between number and unit, of a shape that does not make columns jump. */
export class Format {
  private readonly oneDigit: Intl.NumberFormat;

  constructor(locale: string) {
    this.oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** `1536` → `1.5 KiB`. */
  bytes(count: number): string {
    let value = count;
    let unit = 0;
    while (value >= 1023.95 && unit < units.length - 1) {
      value /= 1024;
      unit += 1;
    }
    return `${unit === 0 ? Math.round(value) : this.oneDigit.format(value)}${gap}${units[unit]}`;
  }

  speed(bytesPerSecond: number): string {
    return `${this.bytes(bytesPerSecond)}/s`;
  }

  /** `75` → `1 min 15 s`; the second unit keeps two digits. */
  duration(seconds: number): string {
    const all = Math.max(0, Math.round(seconds));
    if (all < 60) return `${all}${gap}s`;
    if (all < 3600) return `${Math.floor(all / 60)}${gap}min${gap}${two(all % 60)}${gap}s`;
    if (all < 86_400) return `${Math.floor(all / 3600)}${gap}h${gap}${two(Math.floor((all % 3600) / 60))}${gap}min`;
    return `${Math.floor(all / 86_400)}${gap}d${gap}${two(Math.floor((all % 86_400) / 3600))}${gap}h`;
  }

  /** An average: `2.4 s` below ten seconds, else as duration(). */
  seconds(count: number): string {
    return count < 9.95 ? `${this.oneDigit.format(count)}${gap}s` : this.duration(count);
  }

  /** `0.25` → `25 %`. */
  share(part: number): string {
    return `${Math.round(part * 100)}${gap}%`;
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
