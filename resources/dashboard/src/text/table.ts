import type { en } from './en/en.js';

/** The same table in any language: texts, sentences made of values, and tables of them. */
export type Words<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...values: infer V) => string ? (...values: V) => string : Words<T[K]>;
};

export type TextTable = Words<typeof en>;
