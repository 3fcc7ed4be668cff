import type { MediaFind } from '../media/mediafind.js';
import { refererFor } from '../shared/address.js';
import { readSettings } from '../shared/settings.js';
import { orderOf, type Order } from '../shared/spec.js';
import { cookiesFor, cookieSourceOf, type CookieSource } from './cookies.js';
import { selectedAddresses, webLinks } from './links.js';
import { menuIds, wish, wishOf, type Wish } from './menus.js';
import type { Outbox } from './outbox.js';

type Clicked = chrome.contextMenus.OnClickData;

/** What the popup asks the worker to do. */
export interface MediaRequest {
  media: MediaFind;
  page: string;
  title: string;
  cookies: CookieSource;
}

/** Turns what the user points at into orders. */
export class Sending {
  constructor(private readonly outbox: Outbox) {}

  async menuClicked(clicked: Clicked, tab: chrome.tabs.Tab | undefined): Promise<void> {
    const wishes = clicked.menuItemId === menuIds.selection ? await wishesInSelection(clicked, tab) : [wishOf(clicked)];
    await this.send(wishes.filter((found) => found !== undefined), cookieSourceOf(tab));
  }

  async mediaChosen({ media, page, title, cookies }: MediaRequest): Promise<void> {
    const name = title.trim();
    // A plain file needs nobody who knows pages of films, and its server tells its name.
    const spec = media.kind === 'file' ? { kind: 'download' } : { kind: 'media', ...(name && { name }) };
    await this.send([{ url: media.url, spec, referer: refererFor(page, media.url) }], cookies);
  }

  private async send(wishes: readonly Wish[], source: CookieSource): Promise<void> {
    const { hubUrl } = await readSettings();
    const orders: Order[] = [];
    for (const { url, spec, referer } of wishes) {
      const cookies = source.from === 'browser' ? await cookiesFor(url, source.container) : undefined;
      orders.push(orderOf({ hubUrl, url }, spec, { referer, cookies, userAgent: navigator.userAgent }));
    }
    await this.outbox.put(orders);
    await this.outbox.flush();
  }
}

async function wishesInSelection(clicked: Clicked, tab: chrome.tabs.Tab | undefined): Promise<(Wish | undefined)[]> {
  const addresses = tab?.id === undefined ? [] : await addressesIn(tab.id, clicked.frameId ?? 0);
  const page = clicked.frameUrl ?? clicked.pageUrl;
  return webLinks([...addresses, clicked.selectionText ?? '']).map((url) => wish(url, {}, page));
}

/** The click has let the extension into the tab; pages of the browser itself stay closed. */
async function addressesIn(tabId: number, frame: number): Promise<string[]> {
  const target = { tabId, frameIds: [frame] };
  const [answer] = await chrome.scripting.executeScript({ target, func: selectedAddresses }).catch(() => []);
  return answer?.result ?? [];
}
