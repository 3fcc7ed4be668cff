import type { Standing } from './handover.js';

/** What to do about a download that the browser went on with while Dray may have it too. */
export type Settlement = 'keepBrowsers' | 'keepDrays';

/** A copy that is there wins, the browser's first; then the one that is still coming, unless it broke. */
export function settle(browsers: Standing | undefined, drayState: string): Settlement {
  if (!browsers || browsers.state === 'complete' || browsers.isCanceled) return 'keepBrowsers';
  if (drayState === 'succeeded') return 'keepDrays';
  return browsers.state === 'interrupted' ? 'keepDrays' : 'keepBrowsers';
}
