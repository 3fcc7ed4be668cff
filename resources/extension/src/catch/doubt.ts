import type { Standing } from './handover.js';

/** What to do about a download that the browser went on with while Dray may have it too. */
export type Settlement = 'keepBrowsers' | 'keepDrays';

/**
 * A copy that is there wins, the browser's first; then the one that is still coming. What the browser broke
 * off is Dray's, also where it says that the user did: it says so too when it was closed.
 */
export function settle(browsers: Standing | undefined, drayState: string): Settlement {
  if (browsers?.state === 'complete') return 'keepBrowsers';
  return browsers?.state === 'in_progress' && drayState !== 'succeeded' ? 'keepBrowsers' : 'keepDrays';
}
