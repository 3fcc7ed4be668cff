import { isWebUrl } from '../shared/address.js';

/** More at once is more likely a slip than a wish. */
export const mostLinks = 200;

/** Addresses that can be fetched, each once, in their order. The part behind # is for the reader, not for the server. */
export function webLinks(addresses: readonly string[]): string[] {
  const bare = addresses.filter(isWebUrl).map((address) => address.replace(/#.*$/, ''));
  return [...new Set(bare)].slice(0, mostLinks);
}

/** Runs in the page, by itself: addresses of the links and of the bare text in the selection. */
export function selectedAddresses(): string[] {
  const selection = getSelection();
  if (!selection) return [];
  const isSelected = (link: HTMLAnchorElement) => selection.containsNode(link, true);
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].filter(isSelected).map(({ href }) => href);
  return [...links, ...(selection.toString().match(/\bhttps?:\/\/[^\s<>"']+/g) ?? [])];
}
