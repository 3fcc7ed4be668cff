import { Shelf } from '../shared/shelf.js';

/** `refused`: Dray said no. The others are of a download that the browser could not go on with. */
export interface Problem {
  kind: 'refused' | 'startedAgain' | 'stopped';
  url: string;
  message: string;
}

/** What went wrong last, for the popup to show until dismissed. */
export const problemShelf = new Shelf<Problem | null>(chrome.storage.session, 'problem', null);
