import type { Settings } from '../shared/settings.js';

const script = { id: 'heldkeys', js: ['heldkeys.js'], matches: ['*://*/*'], allFrames: true, runAt: 'document_start' } as const;

/** Pages tell what is held while the user clicks, as long as that counts for something. */
export async function watchKeys({ catches, bypassKey }: Settings): Promise<void> {
  const mayAsk = await chrome.permissions.contains({ origins: ['*://*/*'] });
  const isWanted = catches && bypassKey !== 'none' && mayAsk;
  const [present] = await chrome.scripting.getRegisteredContentScripts({ ids: [script.id] });
  // Another look at the same time may have been the first to do it.
  if (isWanted && !present) await register().catch(() => undefined);
  if (!isWanted && present) await chrome.scripting.unregisterContentScripts({ ids: [script.id] }).catch(() => undefined);
}

function register(): Promise<void> {
  return chrome.scripting.registerContentScripts([{ ...script, js: [...script.js], matches: [...script.matches] }]);
}
