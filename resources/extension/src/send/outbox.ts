import type { Order } from '../shared/spec.js';
import type { Shelf } from '../shared/shelf.js';

/** What came of an order. `unknown`: the answer did not come; the same order may be given again. */
export type AddEnd = { kind: 'accepted'; job: string; state: string } | { kind: 'refused'; message: string } | { kind: 'unknown' };

export interface OrderTaker {
  /** Answers may come. */
  readonly isOpen: boolean;
  add(order: Order): Promise<AddEnd>;
}

/** The hub takes a burst of 30 messages and 100 a minute. */
const burst = 20;
const paceMs = 700;

export interface OutboxEvents {
  refused(order: Order, message: string): void;
  pause(milliseconds: number): Promise<void>;
}

/** Orders that the hub has not answered. They outlive the worker and a hub that is down. */
export class Outbox {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly shelf: Shelf<Order[]>,
    private readonly taker: OrderTaker,
    private readonly events: OutboxEvents,
  ) {}

  async put(orders: readonly Order[]): Promise<void> {
    await this.shelf.change((waiting) => [...waiting, ...orders]);
  }

  async size(): Promise<number> {
    return (await this.shelf.read()).length;
  }

  /** The user does not want what is waiting. */
  async discard(): Promise<void> {
    await this.shelf.change(() => []);
  }

  /** Gives the orders away one after the other while answers may come; those without one stay, and hold up no other. */
  flush(): Promise<void> {
    const turn = this.last.then(() => this.giveAll());
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async giveAll(): Promise<void> {
    let given = 0;
    for (const order of await this.shelf.read()) {
      if (given >= burst) await this.events.pause(paceMs);
      if (!this.taker.isOpen) return;
      if (!(await this.isWaiting(order))) continue;
      given += 1;
      await this.give(order);
    }
  }

  private async give(order: Order): Promise<void> {
    const end = await this.taker.add(order);
    if (end.kind === 'unknown') return;
    await this.shelf.change((waiting) => waiting.filter(({ idem }) => idem !== order.idem));
    if (end.kind === 'refused') this.events.refused(order, end.message);
  }

  private async isWaiting({ idem }: Order): Promise<boolean> {
    return (await this.shelf.read()).some((order) => order.idem === idem);
  }
}
