import { clocksDifferMs, type Recall } from '../shared/recall.js';
import type { Standing } from './handover.js';

/** What to do about a download that the browser went on with while Dray may have it too. */
export type Settlement = 'keepBrowsers' | 'keepDrays';

/** As Settlement, where the order cannot be sent again to learn what Dray has. */
export type LateSettlement = Settlement | 'removeDrays' | 'sendAgain';

/** Dray will not bring it by itself. */
export function isLost(drayState: string): boolean {
  return drayState === 'failed' || drayState === 'canceled';
}

/**
 * A copy that is there wins, the browser's first; then the one that is still coming. What the browser broke
 * off is Dray's, also where it says that the user did: it says so too when it was closed. Where Dray's is
 * lost, the rest in the browser is the better one.
 */
export function settle(browsers: Standing | undefined, drayState: string): Settlement {
  if (browsers?.state === 'complete') return 'keepBrowsers';
  if (!browsers || drayState === 'succeeded') return 'keepDrays';
  return browsers.state === 'in_progress' || isLost(drayState) ? 'keepBrowsers' : 'keepDrays';
}

/** The user may have asked for the same address himself: only a job made with the order is taken back. */
export function settleLate(browsers: Standing | undefined, known: Exclude<Recall, { kind: 'unknown' }>, orderedAt: number): LateSettlement {
  const hasBrowser = browsers?.state === 'complete' || browsers?.state === 'in_progress';
  if (known.kind === 'nothing') return hasBrowser ? 'keepBrowsers' : 'sendAgain';
  if (known.kind === 'ended') return known.verdict === 'succeeded' && browsers?.state !== 'complete' ? 'keepDrays' : 'keepBrowsers';
  if (settle(browsers, known.state) === 'keepDrays') return 'keepDrays';
  return known.createdAt <= orderedAt + clocksDifferMs ? 'removeDrays' : 'keepBrowsers';
}
