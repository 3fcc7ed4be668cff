import { language, languages } from './language.js';

/** A text of any direction that leaves the order of the sentence around it alone: FSI and PDI, UAX #9 §2.4.2. */
export function apart(words: string | number): string {
  return `\u2068${words}\u2069`;
}

/** The same for a path, or a number with a Latin unit, where the page reads from right to left. */
export const inOrder: (words: string) => string = languages[language].dir === 'rtl' ? apart : (words) => words;
