import { clocksDifferMs, isKeyOld, type Recall } from '../shared/recall.js';
import type { Order } from '../shared/spec.js';
import type { Shelf } from '../shared/shelf.js';

/** What came of an order. `unknown`: the answer did not come; the same order may be given again. */
export type AddEnd = { kind: 'accepted'; job: string; state: string } | { kind: 'refused'; message: string } | { kind: 'unknown' };

export interface OrderTaker {
  add(order: Order): Promise<AddEnd>;
  /** What it has, or had, of an address since then (milliseconds since 1970). */
  recall(url: string, since: number): Promise<Recall>;
}

/** `triedAt`: when it was first given to Dray, which may have it since (milliseconds since 1970). */
export interface Waiting {
  order: Order;
  triedAt?: number;
}

/** The hub takes a burst of 30 messages and 100 a minute. */
const burst = 20;
const paceMs = 700;

export interface OutboxEvents {
  refused(order: Order, message: string): void;
  pause(milliseconds: number): Promise<void>;
  now(): number;
}

/** Orders that the hub has not answered. They outlive the worker and a hub that is down. */
export class Outbox {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly shelf: Shelf<Waiting[]>,
    private readonly taker: OrderTaker,
    private readonly events: OutboxEvents,
  ) {}

  async put(orders: readonly Order[]): Promise<void> {
    await this.shelf.change((waiting) => [...waiting, ...orders.map((order) => ({ order }))]);
  }

  async size(): Promise<number> {
    return (await this.shelf.read()).length;
  }

  /** Gives the orders away one after the other, until one is not answered. */
  flush(): Promise<void> {
    const turn = this.last.then(() => this.giveAll());
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async giveAll(): Promise<void> {
    for (let given = 0; ; given += 1) {
      const [first] = await this.shelf.read();
      if (!first) return;
      if (given >= burst) await this.events.pause(paceMs);
      const { order } = first;
      const end = await this.give(first);
      if (end === 'unknown') return;
      await this.shelf.change((waiting) => waiting.filter((other) => other.order.idem !== order.idem));
      if (end !== 'had' && end.kind === 'refused') this.events.refused(order, end.message);
    }
  }

  private async give({ order, triedAt }: Waiting): Promise<'unknown' | 'had' | AddEnd> {
    if (triedAt === undefined) await this.writeTried(order);
    else if (isKeyOld(triedAt, this.events.now())) {
      const known = await this.taker.recall(order.url, triedAt - clocksDifferMs);
      if (known.kind !== 'nothing') return known.kind === 'unknown' ? 'unknown' : 'had';
    }
    const end = await this.taker.add(order);
    return end.kind === 'unknown' ? 'unknown' : end;
  }

  private async writeTried(order: Order): Promise<void> {
    const triedAt = this.events.now();
    await this.shelf.change((waiting) => waiting.map((other) => (other.order.idem === order.idem ? { order, triedAt } : other)));
  }
}
