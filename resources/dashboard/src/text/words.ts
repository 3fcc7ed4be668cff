import { language, type Language } from './language.js';
import type { TextTable } from './table.js';

/** A reader fetches one of them. */
const tables: Record<Language, () => Promise<TextTable>> = {
  en: () => import('./en/en.js').then(({ en }) => en),
  de: () => import('./de/de.js').then(({ de }) => de),
  ar: () => import('./ar/ar.js').then(({ ar }) => ar),
};

/** Every sentence a reader of the page sees. */
export const text: TextTable = await tables[language]();
