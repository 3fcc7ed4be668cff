import { isWebUrl } from '../shared/address.js';
import type { Settings } from '../shared/settings.js';
import { Shelf } from '../shared/shelf.js';

const script = { id: 'heldkeys', js: ['heldkeys.js'], matches: ['*://*/*'], allFrames: true, runAt: 'document_start' } as const;

/** Empty when the extension is loaded anew: open pages have lost its script then, while the browser may keep what is registered. */
const openPagesReached = new Shelf<boolean>(chrome.storage.session, 'openPagesReached', false);

/** Pages tell what is held while the user clicks, as long as that counts for something. */
export async function watchKeys({ catches, bypassKey }: Settings): Promise<void> {
  const mayAsk = await chrome.permissions.contains({ origins: ['*://*/*'] });
  const isWanted = catches && bypassKey !== 'none' && mayAsk;
  const [present] = await chrome.scripting.getRegisteredContentScripts({ ids: [script.id] });
  // Another look at the same time may have been the first to do it.
  if (isWanted && !present) await register().catch(() => undefined);
  if (isWanted && !(present && (await openPagesReached.read()))) await reachOpenPages().catch(() => undefined);
  if (!isWanted && present) await chrome.scripting.unregisterContentScripts({ ids: [script.id] }).catch(() => undefined);
}

/** For pages that load from here on. */
function register(): Promise<void> {
  return chrome.scripting.registerContentScripts([{ ...script, js: [...script.js], matches: [...script.matches] }]);
}

/** Nobody waits for their answers: a page that stands still gives none. */
async function reachOpenPages(): Promise<void> {
  const tabs = await chrome.tabs.query({ discarded: false });
  for (const { id, url } of tabs) if (id !== undefined && url && isWebUrl(url)) void reach(id);
  await openPagesReached.change(() => true);
}

/** Some pages the browser keeps for itself. */
async function reach(tabId: number): Promise<void> {
  const injection = { target: { tabId, allFrames: script.allFrames }, files: [...script.js], injectImmediately: true };
  await chrome.scripting.executeScript(injection).catch(() => []);
}
