import type { JobError } from 'dray-client';
import type { Hub } from '../hub.svelte.js';

/** Work that ended; a flash has an entry for each drive. */
export interface HistoryEntry {
  id: string;
  finishedAt: number;
  job: string;
  kind: string;
  title: string;
  source: string;
  bytes: number;
  verdict: string;
  target?: string;
  sha256?: string;
  error?: JobError;
  drive?: { id: string; serial: string; writtenBytes: number; rewrites: number; writeBytesPerSecond?: number; verifyBytesPerSecond?: number };
}

/** Newest first; `next` is where older ones go on. */
export interface HistoryPage {
  history: HistoryEntry[];
  next?: string;
}

/** From before the entry `before` on. */
export function listHistory(hub: Hub, before?: string): Promise<HistoryPage> {
  return hub.ask('history.list', before === undefined ? {} : { before });
}

/** What is known, with what is fresh in front of it; the fresh page alone where some between the two are missing. */
export function withFresh(known: HistoryPage | undefined, fresh: HistoryPage): HistoryPage {
  const ids = new Set(known?.history.map(({ id }) => id));
  const more = fresh.history.filter(({ id }) => !ids.has(id));
  return known && more.length < fresh.history.length ? { ...known, history: [...more, ...known.history] } : fresh;
}

/** What is known, with what was asked for from its end on behind it, unless another is its end by now. */
export function withOlder(known: HistoryPage, before: string, older: HistoryPage): HistoryPage {
  return known.next === before ? { ...older, history: [...known.history, ...older.history] } : known;
}
