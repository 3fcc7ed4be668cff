const storeKey = 'dray.token';

/** The one-time token of `/#t=…`. It leaves the address bar and the history at once. */
export function takeLoginToken(place: Location, past: History): string | undefined {
  const match = /^#t=([A-Za-z0-9._~-]+)$/.exec(place.hash);
  if (!match) return undefined;
  past.replaceState(null, '', place.pathname + place.search);
  return match[1];
}

export type Exchange = { token: string } | { failure: 'refused' | 'unreachable' };

/** Trades the one-time token for one of this tab. */
export async function exchangeLogin(oneTime: string): Promise<Exchange> {
  try {
    const response = await postJson('/api/v1/session', { token: oneTime });
    if (!response.ok) return { failure: 'refused' };
    return { token: ((await response.json()) as { token: string }).token };
  } catch {
    return { failure: 'unreachable' };
  }
}

/** A link to `path` that needs no header, good for one use within 30 s. */
export async function ticketLink(path: string, token: string): Promise<string> {
  const response = await postJson('/api/v1/tickets', { path }, token);
  if (!response.ok) throw new Error(`tickets: HTTP ${response.status}`);
  const { ticket } = (await response.json()) as { ticket: string };
  return `${path}?ticket=${encodeURIComponent(ticket)}`;
}

/** The token lives as long as the tab: sessionStorage belongs to this origin, port included. */
export const tokenStore = {
  read: (): string | undefined => sessionStorage.getItem(storeKey) ?? undefined,
  write: (token: string): void => sessionStorage.setItem(storeKey, token),
  clear: (): void => sessionStorage.removeItem(storeKey),
};

function postJson(path: string, body: unknown, token?: string): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
}
