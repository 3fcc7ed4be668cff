/** Figures of /metrics: a number, or numbers by label. */
export type Metrics = Record<string, number | Record<string, number>>;

/** One figure; all labels of it together. */
export function sumOf(metrics: Metrics, name: string): number {
  const value = metrics[name] ?? 0;
  return typeof value === 'number' ? value : Object.values(value).reduce((sum, part) => sum + part, 0);
}

/** Every figure on a line of its own. */
export function linesOf(metrics: Metrics): { name: string; value: number }[] {
  return Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'number' ? [{ name, value }] : Object.entries(value).map(([label, part]) => ({ name: `${name} ${label}`, value: part })));
}

export interface Sample {
  /** Milliseconds since 1970. */
  time: number;
  metrics: Metrics;
}

/** How much a counter grew each second between neighbours. */
export function ratesOf(samples: readonly Sample[], name: string): number[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index];
    const seconds = before ? (sample.time - before.time) / 1000 : 0;
    const grown = before ? sumOf(sample.metrics, name) - sumOf(before.metrics, name) : 0;
    return seconds > 0 ? Math.max(0, grown / seconds) : 0; // a server that began again counts from zero
  });
}
