import type { Message } from './protocol.js';

/** What a hub takes at once is 100 calls and 64 KiB (PROTOCOL.md §0.5); a batch of answers has to fit too. */
const mostCalls = 50;
const mostCharacters = 20_000;

/** `messages` in as few batches as a hub takes, in order. A batch counts as one message. */
export function batchesOf(messages: readonly Message[]): Message[][] {
  const batches: Message[][] = [];
  let characters = 0;
  for (const message of messages) {
    const length = JSON.stringify(message).length;
    const last = batches.at(-1);
    if (last && last.length < mostCalls && characters + length <= mostCharacters) last.push(message);
    else batches.push([message]);
    characters = batches.at(-1)?.length === 1 ? length : characters + length;
  }
  return batches;
}
