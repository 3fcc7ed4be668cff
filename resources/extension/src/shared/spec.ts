import type { Params } from 'dray-client';

/** A spec of `job.add` with the key that makes it safe to send twice. */
export interface Order extends Params {
  /** The hub it is for: no other gets the address and the cookies. Not sent. */
  hubUrl: string;
  url: string;
  idem: string;
}

/** Where an order is for, and what it asks for. */
export interface Address {
  hubUrl: string;
  url: string;
}

/** What the browser would have said in its own request. */
export interface RequestFacts {
  referer?: string | undefined;
  userAgent?: string | undefined;
  /** The value of a Cookie header. */
  cookies?: string | undefined;
  headers?: Record<string, string> | undefined;
}

/** Of the headers a media job takes the cookies only, which Dray keeps to their host: yt-dlp would give the others to every site. */
export function orderOf({ hubUrl, url }: Address, more: Params, { referer, userAgent, cookies, headers }: RequestFacts): Order {
  const isForOne = more['kind'] !== 'media';
  const lines = { ...(isForOne && headers), ...(cookies && { Cookie: cookies }) };
  const said = { ...(referer && { referer }), ...(userAgent && { userAgent }) };
  return { ...more, ...said, ...(Object.keys(lines).length > 0 && { headers: lines }), hubUrl, url, idem: crypto.randomUUID() };
}
