import type { ClientStatus } from 'dray-client';
import { word, type Word } from './words.js';

export type ShownStatus = ClientStatus | 'unpaired';

const words: Record<ShownStatus, Word> = {
  connecting: 'statusConnecting',
  connected: 'statusConnected',
  catchingUp: 'statusCatchingUp',
  polling: 'statusPolling',
  offline: 'statusOffline',
  unauthorized: 'statusUnauthorized',
  unpaired: 'statusUnpaired',
};

export function statusWord(status: ShownStatus): string {
  return word(words[status]);
}
