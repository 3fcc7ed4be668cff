interface CookiePair {
  name: string;
  value: string;
}

/** The value of a Cookie header (RFC 6265 §5.4). Characters that could end the header leave no cookie behind. */
export function cookieHeader(cookies: readonly CookiePair[]): string {
  const isClean = ({ name, value }: CookiePair) => !/[\0\r\n;]/.test(name + value);
  return cookies.filter(isClean).map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** What this browser would send to `url`; undefined without the permission, which comes with switching on. */
export async function cookiesFor(url: string): Promise<string | undefined> {
  if (!chrome.cookies) return undefined;
  const plain = await chrome.cookies.getAll({ url }).catch(() => []);
  return cookieHeader(plain) || undefined;
}
