interface CookiePair {
  name: string;
  value: string;
}

/** The value of a Cookie header (RFC 6265 §5.4). Characters that could end the header leave no cookie behind. */
export function cookieHeader(cookies: readonly CookiePair[]): string {
  const isClean = ({ name, value }: CookiePair) => !/[\0\r\n;]/.test(name + value);
  return cookies.filter(isClean).map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Where Firefox keeps the cookies of a tab or download (its containers); undefined elsewhere. */
export function containerOf(place: object | undefined): string | undefined {
  const { cookieStoreId } = (place ?? {}) as { cookieStoreId?: string };
  return cookieStoreId;
}

/** Whose cookies go along. */
export type CookieSource = { from: 'nobody' } | { from: 'browser'; container: string | undefined };

/** Of a private tab none are told. */
export function cookieSourceOf(tab: chrome.tabs.Tab | undefined): CookieSource {
  return tab?.incognito ? { from: 'nobody' } : { from: 'browser', container: containerOf(tab) };
}

/** What this browser would send to `url` from there; undefined without the permission, which comes with switching on. */
export async function cookiesFor(url: string, container: string | undefined): Promise<string | undefined> {
  if (!chrome.cookies) return undefined;
  const plain = await chrome.cookies.getAll({ url, ...(container !== undefined && { storeId: container }) }).catch(() => []);
  return cookieHeader(plain) || undefined;
}
