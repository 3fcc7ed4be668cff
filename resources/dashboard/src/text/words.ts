import { de } from './de.js';
import { en } from './en.js';
import { language, type Language } from './language.js';

/** The same table in any language: texts, sentences made of values, and tables of them. */
export type Words<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...values: infer V) => string ? (...values: V) => string : Words<T[K]>;
};

export type TextTable = Words<typeof en>;

export const tables: Record<Language, TextTable> = { en, de };

/** Every sentence a reader of the page sees. */
export const text: TextTable = tables[language];
