import { clocksDifferMs, isKeyOld, type Recall } from '../shared/recall.js';
import type { Address, Order } from '../shared/spec.js';
import type { Shelf } from '../shared/shelf.js';

/** What came of an order. `unknown`: the answer did not come; the same order may be given again. */
export type AddEnd = { kind: 'accepted'; job: string; state: string } | { kind: 'refused'; message: string } | { kind: 'unknown' };

export interface OrderTaker {
  /** Answers may come. */
  readonly isOpen: boolean;
  add(order: Order): Promise<AddEnd>;
  /** What it has, or had, of an address since then (milliseconds since 1970). */
  recall(address: Address, since: number): Promise<Recall>;
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

  /** `triedAt` where Dray may have got them already. */
  async put(orders: readonly Order[], triedAt?: number): Promise<void> {
    const more = orders.map((order) => ({ order, ...(triedAt !== undefined && { triedAt }) }));
    await this.shelf.change((waiting) => [...waiting, ...more]);
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
    for (const { order } of await this.shelf.read()) {
      if (given >= burst) await this.events.pause(paceMs);
      if (!this.taker.isOpen) return;
      const waiting = await this.find(order);
      if (!waiting) continue;
      given += 1;
      await this.settle(waiting);
    }
  }

  private async settle(waiting: Waiting): Promise<void> {
    const { order } = waiting;
    const end = await this.give(waiting);
    if (end === 'unknown') return;
    await this.shelf.change((all) => all.filter((other) => other.order.idem !== order.idem));
    if (end !== 'had' && end.kind === 'refused') this.events.refused(order, end.message);
  }

  /** Undefined when it was discarded meanwhile. */
  private async find({ idem }: Order): Promise<Waiting | undefined> {
    return (await this.shelf.read()).find(({ order }) => order.idem === idem);
  }

  private async give({ order, triedAt }: Waiting): Promise<'unknown' | 'had' | AddEnd> {
    if (triedAt === undefined) await this.writeTried(order);
    else if (isKeyOld(triedAt, this.events.now())) {
      const known = await this.taker.recall(order, triedAt - clocksDifferMs);
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
