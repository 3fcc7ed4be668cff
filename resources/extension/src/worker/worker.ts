// The worker of the extension. Every listener is added before anything is waited for: an event that
// starts the worker is told only to listeners that are there then.
import { createMenus } from '../send/menus.js';
import type { MediaRequest } from '../send/sending.js';
import { watchSettings } from '../shared/settings.js';
import { Companion } from './companion.js';
import { OptionalListeners } from './optional.js';

type Heard = Partial<MediaRequest> & { held?: string[]; wake?: true; discard?: true; giveBack?: true };

const companion = new Companion();
const optional = new OptionalListeners(companion);
const ownPages = chrome.runtime.getURL('');

chrome.runtime.onInstalled.addListener(createMenus);
chrome.runtime.onStartup.addListener(createMenus);
chrome.contextMenus.onClicked.addListener((clicked, tab) => void menuClicked(clicked, tab));
chrome.permissions.onAdded.addListener(() => {
  optional.add();
  void companion.refresh();
});
chrome.permissions.onRemoved.addListener(({ permissions = [] }) => {
  optional.forget(permissions);
  void companion.permissionsLost();
});
chrome.runtime.onMessage.addListener((message: Heard, sender) => void heard(message, sender));
// Pages that the extension reaches into are not to read the token, addresses and cookies that are kept.
void chrome.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
companion.wakes.listen(() => void companion.woken());
// A feature is switched on when it has what it needs: by then the interfaces are there for certain.
watchSettings(() => {
  optional.add();
  void companion.refresh();
});
optional.add();

async function menuClicked(clicked: chrome.contextMenus.OnClickData, tab?: chrome.tabs.Tab): Promise<void> {
  await companion.ready;
  await companion.sending.menuClicked(clicked, tab);
}

/** Pages may tell what keys are held; the rest is for our own pages. */
async function heard({ held, media, discard, giveBack, page = '', title = '', cookies = { from: 'nobody' } }: Heard, sender: chrome.runtime.MessageSender): Promise<void> {
  if (sender.id !== chrome.runtime.id) return;
  if (held) companion.catching.clicked(held);
  if (!sender.url?.startsWith(ownPages)) return;
  await companion.ready;
  await companion.refresh();
  if (giveBack) await companion.giveBack();
  if (discard) await companion.discardWaiting();
  if (media) await companion.sending.mediaChosen({ media, page, title, cookies });
}
