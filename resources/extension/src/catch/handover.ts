import type { Order } from '../shared/spec.js';

/**
 * Where a download stands between the browser and Dray. The order of every step: first written down, then
 * done, so that a worker killed anywhere goes on where it was.
 *
 *   Dray is away: nothing is touched
 *   found ─ paused, order made ─► sent ─ Dray has it on disk ─► accepted ─ browser's canceled, erased ─► (forgotten)
 *     └ no order could be made ─► resumed in the browser, forgotten
 *                               sent ─ Dray said no ─► resumed in the browser, forgotten
 *                               sent ─ no answer ────► resumed in the browser, doubtful
 *
 * A browser that cannot pause goes on meanwhile: there is no `found`, and nothing to resume. What it has
 * whole by then stays, and Dray's is taken back.
 *
 * doubtful: nobody knows whether Dray has it, and the browser goes on. When Dray is back, one of the two is
 * taken back (doubt.ts). After a day Dray may have forgotten the order, and is asked what it has of the
 * address before it gets it again.
 */
export type HandOver =
  | { phase: 'found'; download: number; startTime: string }
  | { phase: 'sent' | 'accepted' | 'doubtful'; download: number; startTime: string; order: Order; /** Milliseconds since 1970. */ orderedAt: number };

export type Sent = Exclude<HandOver, { phase: 'found' }>;

/** What the browser says about a download it knows. */
export interface Standing {
  /** A paused one is in progress. */
  state: 'in_progress' | 'interrupted' | 'complete';
  /** With the number it tells downloads apart. Firefox gives numbers again, and another time to what goes on after a pause. */
  startTime: string;
  isPaused: boolean;
}

/** What tells a download of the browser from others. */
export interface Place {
  download: number;
  startTime: string;
}

/** It is not known yet whose the download will be. */
export function isOpen(handOver: HandOver): handOver is Sent {
  return handOver.phase === 'sent' || handOver.phase === 'doubtful';
}

export function isSame(one: Place, other: Place): boolean {
  return one.download === other.download && one.startTime === other.startTime;
}
