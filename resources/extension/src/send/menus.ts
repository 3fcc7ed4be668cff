import type { Params } from 'dray-client';
import { isWebUrl, refererFor } from '../shared/address.js';
import { word } from '../shared/words.js';

/** What a click in a menu asks for: an address, and where it was found. */
export interface Wish {
  url: string;
  spec: Params;
  referer: string | undefined;
}

type Clicked = Pick<chrome.contextMenus.OnClickData, 'menuItemId' | 'linkUrl' | 'srcUrl' | 'pageUrl' | 'frameUrl'>;

export const menuIds = { link: 'link', selection: 'selection', image: 'image', film: 'film', page: 'page' } as const;

export function createMenus(): void {
  chrome.contextMenus.removeAll(() => {
    chrome.contextMenus.create({ id: menuIds.link, title: word('menuLink'), contexts: ['link'] });
    chrome.contextMenus.create({ id: menuIds.selection, title: word('menuSelection'), contexts: ['selection'] });
    chrome.contextMenus.create({ id: menuIds.image, title: word('menuImage'), contexts: ['image'] });
    chrome.contextMenus.create({ id: menuIds.film, title: word('menuFilm'), contexts: ['video', 'audio'] });
    chrome.contextMenus.create({ id: menuIds.page, title: word('menuPage'), contexts: ['page'] });
  });
}

/** Undefined for a selection, whose links are in the page, and for what Dray cannot fetch. */
export function wishOf(clicked: Clicked): Wish | undefined {
  const page = clicked.frameUrl ?? clicked.pageUrl;
  if (clicked.menuItemId === menuIds.link) return wish(clicked.linkUrl, {}, page);
  if (clicked.menuItemId === menuIds.image) return wish(clicked.srcUrl, { kind: 'download' }, page);
  if (clicked.menuItemId === menuIds.page) return wish(clicked.pageUrl, {}, undefined);
  if (clicked.menuItemId !== menuIds.film) return undefined;
  return wish(clicked.srcUrl, {}, page) ?? wish(clicked.pageUrl, { kind: 'media' }, undefined);
}

/** Of what kind the file behind it is, Dray finds out where `spec` does not say. */
export function wish(url: string | undefined, spec: Params, page: string | undefined): Wish | undefined {
  return url !== undefined && isWebUrl(url) ? { url, spec, referer: refererFor(page, url) } : undefined;
}
