import type { en } from './en.js';
import { language, type Language } from './language.js';

/** The same table in any language: texts, sentences made of values, and tables of them. */
export type Words<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...values: infer V) => string ? (...values: V) => string : Words<T[K]>;
};

export type TextTable = Words<typeof en>;

/** A reader fetches one of them. */
const tables: Record<Language, () => Promise<TextTable>> = {
  en: () => import('./en.js').then(({ en }) => en),
  de: () => import('./de.js').then(({ de }) => de),
};

/** Every sentence a reader of the page sees. */
export const text: TextTable = await tables[language]();
