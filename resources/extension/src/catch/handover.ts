import type { Order } from '../shared/spec.js';

/**
 * Where a download stands between the browser and Dray. The order of every step: first written down, then
 * done, so that a worker killed anywhere goes on where it was.
 *
 *   found ─ paused, order made ─► sent ─ Dray has it on disk ─► accepted ─ browser's canceled, erased ─► (forgotten)
 *     └ Dray is away ─► resumed in the browser, forgotten
 *                               sent ─ Dray said no ─► resumed in the browser, forgotten
 *                               sent ─ no answer ────► resumed in the browser, doubtful
 *
 * doubtful: nobody knows whether Dray has it. When Dray is back, one of the two is taken back (doubt.ts). After
 * a day Dray may have forgotten the order, and is asked what it has of the address before it gets it again.
 */
export type HandOver =
  | { phase: 'found'; download: number; startTime: string }
  | { phase: 'sent' | 'accepted' | 'doubtful'; download: number; startTime: string; order: Order };

/** What the browser says about a download it knows. */
export interface Standing {
  state: 'in_progress' | 'interrupted' | 'complete';
  startTime: string;
}
