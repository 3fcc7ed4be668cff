import type { Params } from 'dray-client';

/** A spec of `job.add` with the key that makes it safe to send twice. */
export interface Order extends Params {
  url: string;
  idem: string;
}

/** What the browser would have said in its own request. */
export interface RequestFacts {
  referer?: string | undefined;
  userAgent?: string | undefined;
  cookies?: string | undefined;
  headers?: Record<string, string> | undefined;
}

export function orderOf(url: string, more: Params, facts: RequestFacts): Order {
  const known = Object.entries({ ...more, ...facts }).filter(([, value]) => value !== undefined && value !== '');
  return { ...Object.fromEntries(known), url, idem: crypto.randomUUID() };
}
