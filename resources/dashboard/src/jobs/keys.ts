/** What a key means in the list of jobs. */
export type KeyMeaning =
  | { kind: 'step'; by: number | 'first' | 'last' }
  | { kind: 'toggle' | 'all' | 'none' | 'open' | 'remove' }
  | { kind: 'move'; to: 'top' | 'up' | 'down' | 'bottom' };

type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>;

const steps: Record<string, number | 'first' | 'last'> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: 'first', End: 'last' };
const moves = { ArrowUp: 'up', ArrowDown: 'down', Home: 'top', End: 'bottom' } as const;
const plain = { ' ': 'toggle', Escape: 'none', Enter: 'open', Delete: 'remove' } as const;

export function meaningOf({ key, altKey, ctrlKey, metaKey }: Pressed): KeyMeaning | undefined {
  if (altKey) return key in moves ? { kind: 'move', to: moves[key as keyof typeof moves] } : undefined;
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'a') return { kind: 'all' };
  const by = steps[key];
  if (by !== undefined) return { kind: 'step', by };
  return key in plain ? { kind: plain[key as keyof typeof plain] } : undefined;
}

/** The place in a list of `count` that a step from `at` leads to; `at` is -1 before the first step. */
export function placeAfter(at: number, by: number | 'first' | 'last', count: number): number {
  if (by === 'first' || at < 0) return 0;
  if (by === 'last') return count - 1;
  return Math.min(count - 1, Math.max(0, at + by));
}
