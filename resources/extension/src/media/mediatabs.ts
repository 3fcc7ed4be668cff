import { Shelf } from '../shared/shelf.js';
import { withFind, type MediaFind } from './mediafind.js';

type FindsByTab = Record<string, MediaFind[]>;

/** What each tab has loaded since its page was opened. */
export const mediaShelf = new Shelf<FindsByTab>(chrome.storage.session, 'media', {});

export async function addMedia(tab: number, find: MediaFind): Promise<void> {
  await mediaShelf.change((all) => ({ ...all, [tab]: withFind(all[tab] ?? [], find) }));
}

export async function forgetMedia(tab: number): Promise<void> {
  await mediaShelf.change((all) => {
    if (!(tab in all)) return all;
    return Object.fromEntries(Object.entries(all).filter(([key]) => key !== String(tab)));
  });
}

export async function mediaOf(tab: number): Promise<MediaFind[]> {
  return (await mediaShelf.read())[tab] ?? [];
}
