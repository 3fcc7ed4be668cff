const loopbackHosts = new Set(['127.0.0.1', 'localhost']);

/**
 * The address of a hub as the client wants it, undefined when it is none that a token may be sent to:
 * without TLS a hub must be on this computer.
 */
export function hubAddress(text: string): string | undefined {
  const url = urlIn(text.includes('://') ? text.trim() : `http://${text.trim()}`);
  if (!url || url.pathname !== '/' || url.search || url.hash || url.username) return undefined;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
  return isSafe ? url.origin : undefined;
}

export function urlIn(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** An address that Dray can fetch. */
export function isWebUrl(text: string): boolean {
  const protocol = urlIn(text)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}

/** The last part of its path as people read it; as it is where its bytes are not UTF-8. */
export function fileNameIn(address: string): string {
  const name = urlIn(address)?.pathname.split('/').pop() ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What a browser says by itself about where a link was found (strict-origin-when-cross-origin). */
export function refererFor(page: string | undefined, target: string): string | undefined {
  const from = page === undefined ? undefined : urlIn(page);
  const to = urlIn(target);
  if (!from || !to || !isWebUrl(from.href)) return undefined;
  if (from.protocol === 'https:' && to.protocol === 'http:') return undefined;
  if (from.origin !== to.origin) return `${from.origin}/`;
  return `${from.origin}${from.pathname}${from.search}`;
}
