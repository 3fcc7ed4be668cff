/** What a hub takes at once is 100 calls and 64 KiB (PROTOCOL.md §0.5); a batch of answers has to fit too. */
const mostCalls = 100;
const mostCharacters = 20_000;

/** `messages`, or the calls that become such, in as few batches as a hub takes, in order. A batch counts as one. */
export function batchesOf<Item>(messages: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
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
