/** A value that can be watched. A subscriber is called at once and after every change (the contract of a Svelte store). */
export interface Observable<T> {
  readonly value: T;
  subscribe(run: (value: T) => void): () => void;
}

export class Variable<T> implements Observable<T> {
  private current: T;
  private readonly subscribers = new Set<(value: T) => void>();

  constructor(initial: T) {
    this.current = initial;
  }

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const run of [...this.subscribers]) run(value);
  }

  subscribe(run: (value: T) => void): () => void {
    this.subscribers.add(run);
    run(this.current);
    return () => this.subscribers.delete(run);
  }
}
