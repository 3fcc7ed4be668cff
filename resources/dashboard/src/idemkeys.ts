import { DrayError, type Params } from 'dray-client';

/**
 * Keys under which the hub knows an order again. An order keeps its key until the hub has said yes or no: asked for
 * once more after silence, it is not done twice.
 */
export class IdemKeys {
  private readonly keys = new Map<string, string>();

  /** `order` with its key. */
  keyed(order: Params): Params {
    const text = JSON.stringify(order);
    const idem = this.keys.get(text) ?? randomKey();
    this.keys.set(text, idem);
    return { ...order, idem };
  }

  /** How it ended; nothing is known when the connection failed. */
  ended(order: Params, error?: unknown): void {
    const isUnknown = error instanceof DrayError && error.kind !== 'refused';
    if (!isUnknown) this.keys.delete(JSON.stringify(order));
  }
}

/** 128 random bits; crypto.randomUUID exists in secure contexts only. */
function randomKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}
