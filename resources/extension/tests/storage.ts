import type { StorageArea } from '../src/shared/shelf.js';

/** Storage that outlives a worker of the test; `onSet` may throw to end the worker right there. */
export class FakeStorage implements StorageArea {
  readonly items: Record<string, unknown> = {};
  onSet: () => void = () => undefined;

  get(key: string): Promise<Record<string, unknown>> {
    return Promise.resolve(key in this.items ? { [key]: structuredClone(this.items[key]) } : {});
  }

  set(items: Record<string, unknown>): Promise<void> {
    Object.assign(this.items, structuredClone(items));
    return Promise.resolve().then(this.onSet);
  }
}
