import type { ClientStatus } from 'dray-client';

export interface BadgeLook {
  text: string;
  color: string;
}

const running = '#1a5fc4';
const trouble = '#bd2525';

/** The number of running jobs; an exclamation mark when Dray does not let the extension in. */
export function badgeLook(status: ClientStatus, runningCount: number): BadgeLook {
  if (status === 'unauthorized') return { text: '!', color: trouble };
  const isLive = status === 'connected' || status === 'polling' || status === 'catchingUp';
  if (!isLive || runningCount === 0) return { text: '', color: running };
  return { text: runningCount > 99 ? '99+' : String(runningCount), color: running };
}

export async function showBadge({ text, color }: BadgeLook): Promise<void> {
  await chrome.action.setBadgeBackgroundColor({ color });
  await chrome.action.setBadgeTextColor({ color: '#ffffff' });
  await chrome.action.setBadgeText({ text });
}
