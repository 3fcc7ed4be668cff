/** What a hub takes at once is 100 calls and 64 KiB (PROTOCOL.md §0.5); a batch of answers has to fit too. */
const mostCalls = 100;
const mostCharacters = 20_000;

/** `messages`, or the calls that become such, in as few batches as a hub takes, in order. A batch counts as one. */
export function batchesOf<Item>(messages: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  for (let begin = 0; begin < messages.length; begin += batches.at(-1)?.length ?? 0) {
    batches.push(messages.slice(begin, begin + batchSize(messages, begin)));
  }
  return batches;
}

/** How many of them, from `begin` on, a hub takes as one. Each is sent with `more` characters about it. */
export function batchSize(messages: readonly unknown[], begin = 0, more = 0): number {
  let size = 0;
  for (let characters = 0; size < mostCalls && begin + size < messages.length; size += 1) {
    characters += JSON.stringify(messages[begin + size]).length + more;
    if (size > 0 && characters > mostCharacters) break;
  }
  return size;
}
