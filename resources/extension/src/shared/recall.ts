import type { Job } from 'dray-client';
import { isSameAddress } from './sameaddress.js';

const hourMs = 3_600_000;
/** The key of an order makes it safe to send twice for a day; clocks may differ. */
const keyLivesMs = 23 * hourMs;
/** As far apart as the clocks of two computers may be. */
export const clocksDifferMs = 600_000;

/** Dray may have forgotten the key of an order that it could have got then: sent again it would be another one. */
export function isKeyOld(sentAt: number, now: number): boolean {
  return now - sentAt > keyLivesMs;
}

/** What Dray remembers of an address. `ended`: only its history knows; `unknown`: Dray did not answer. */
export type Recall =
  | { kind: 'job'; job: string; state: string; createdAt: number }
  | { kind: 'ended'; verdict: string }
  | { kind: 'nothing' }
  | { kind: 'unknown' };

/** Of a job that is over, what counts here. */
export interface PastJob {
  source: string;
  finishedAt: number;
  verdict: string;
}

export interface HistoryPage {
  history: PastJob[];
  next?: string;
}

/** Newest first, from before the entry `before` on. */
export type ListHistory = (before: string | undefined) => Promise<HistoryPage>;

/** Looks for the first job that was made for `url` since then (milliseconds since 1970), also among those that were removed. */
export async function recall(jobs: Iterable<Job>, listHistory: ListHistory, { url, since }: { url: string; since: number }): Promise<Recall> {
  const made = [...jobs].filter(({ source = '', createdAt = 0 }) => createdAt >= since && isSameAddress(url, source));
  const [first] = made.sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  if (first) return { kind: 'job', job: first.id, state: first.state, createdAt: first.createdAt ?? 0 };
  for (let before: string | undefined; ; ) {
    const { history, next } = await listHistory(before);
    const entry = history.find(({ source, finishedAt }) => finishedAt >= since && isSameAddress(url, source));
    if (entry) return { kind: 'ended', verdict: entry.verdict };
    if (next === undefined || (history.at(-1)?.finishedAt ?? 0) < since) return { kind: 'nothing' };
    before = next;
  }
}
