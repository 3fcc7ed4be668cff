const gap = '\u00a0';
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Numbers as people of a language read them, never broken between number and unit. */
export class Format {
  private readonly oneDigit: Intl.NumberFormat;

  constructor(language: string) {
    this.oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
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

  /** `75` → `1 min`; of hours and more only the first two units. */
  duration(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole}${gap}s`;
    if (whole < 3600) return `${Math.floor(whole / 60)}${gap}min${gap}${whole % 60}${gap}s`;
    return `${Math.floor(whole / 3600)}${gap}h${gap}${Math.floor((whole % 3600) / 60)}${gap}min`;
  }
}
