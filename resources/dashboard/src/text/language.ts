/** The language of the page: what the reader chose in this browser, else the first that the browser asks for. */

export type Language = 'en' | 'de' | 'ar';

export const languages: Record<Language, { name: string; dir: 'ltr' | 'rtl' }> = {
  en: { name: 'English', dir: 'ltr' },
  de: { name: 'Deutsch', dir: 'ltr' },
  ar: { name: 'العربية', dir: 'rtl' },
};

const storeKey = 'dray.language';

export function isLanguage(name: string | null | undefined): name is Language {
  return name !== null && name !== undefined && Object.hasOwn(languages, name);
}

/** `wanted` are names such as `de-AT`, best first. */
export function languageFor(chosen: string | null, wanted: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return wanted.map((name) => name.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
}

const hasStore = typeof localStorage !== 'undefined';

const wantedLanguages: readonly string[] = hasStore && typeof navigator !== 'undefined' ? navigator.languages : [];

export const language = languageFor(hasStore ? localStorage.getItem(storeKey) : null, wantedLanguages);

const region = wantedLanguages.find((name) => name.toLowerCase().split('-')[0] === language) ?? language;

/** With the region the reader prefers, for dates and numbers: `en-GB`. Digits are those of addresses, paths and serial numbers. */
export const locale = new Intl.Locale(region, { numberingSystem: 'latn' }).toString();

/** Sentences are made once, so the page is loaded again; whoever is signed in stays so. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(storeKey, chosen);
  location.reload();
}
