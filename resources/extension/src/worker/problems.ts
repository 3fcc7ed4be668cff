import { Shelf } from '../shared/shelf.js';

export interface Problem {
  url: string;
  message: string;
}

/** What Dray refused last, for the popup to show until dismissed. */
export const problemShelf = new Shelf<Problem | null>(chrome.storage.session, 'problem', null);
