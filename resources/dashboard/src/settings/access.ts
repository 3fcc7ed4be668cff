import type { Hub } from '../hub.svelte.js';

/** A token without its secret. */
export interface Token {
  id: string;
  name: string;
  scopes: string[];
  owner: string;
  createdAt: number;
  expiresAt?: number;
  lastUsedAt?: number;
  origin?: string;
}

/** A program that waits to be let in. */
export interface PairingAsk {
  id: string;
  name: string;
  kind: string;
  code: string;
  expiresAt: number;
}

export async function listAccess(hub: Hub): Promise<{ tokens: Token[]; pairings: PairingAsk[] }> {
  const [{ tokens }, { pairings }] = await Promise.all([
    hub.ask<{ tokens: Token[] }>('token.list'),
    hub.ask<{ pairings: PairingAsk[] }>('pair.list'),
  ]);
  return { tokens, pairings };
}
