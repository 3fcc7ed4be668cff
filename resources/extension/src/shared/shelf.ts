/** The part of the browser's storage that a shelf uses. */
export interface StorageArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
}

/** One value in the browser's storage. Its changes are made one after the other. */
export class Shelf<T> {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly area: StorageArea,
    readonly key: string,
    private readonly empty: T,
  ) {}

  async read(): Promise<T> {
    const items = await this.area.get(this.key);
    return (items[this.key] as T | undefined) ?? this.empty;
  }

  /** Resolves with what is kept then, once the storage has it. */
  change(edit: (value: T) => T): Promise<T> {
    const turn = this.last.then(() => this.edit(edit));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async edit(edit: (value: T) => T): Promise<T> {
    const before = await this.read();
    const after = edit(before);
    if (after !== before) await this.area.set({ [this.key]: after });
    return after;
  }
}
