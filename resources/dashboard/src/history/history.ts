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

/** Newest first, from before the entry `before` on. */
export function listHistory(hub: Hub, before?: string): Promise<{ history: HistoryEntry[]; next?: string }> {
  return hub.call('history.list', before === undefined ? {} : { before });
}
