const steps = 5;
const longestMs = 30_000;

/**
 * Milliseconds to wait before try number `attempt` (1 = first after a failure): 1, 2, 4, 8, 16 s for a
 * base of 1 s, then 30 s for ever. Half of it is jitter, so that the clients of a restarted hub spread out.
 */
export function backoffMs(attempt: number, baseMs: number, random: () => number): number {
  const full = attempt > steps ? longestMs : Math.min(baseMs * 2 ** (attempt - 1), longestMs);
  return Math.round(full * (0.5 + random() / 2));
}
