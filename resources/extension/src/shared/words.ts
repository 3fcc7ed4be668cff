import type en from '../../public/_locales/en/messages.json';

export type Word = keyof typeof en;

/** The sentence of that name in the language of the browser. */
export function word(name: Word, ...parts: (string | number)[]): string {
  return chrome.i18n.getMessage(name, parts.map(String));
}

export function uiLanguage(): string {
  return chrome.i18n.getUILanguage();
}
