import { batchSize } from './batches.js';
import type { Call } from './calls.js';
import type { Environment, TimerId } from './environment.js';

/**
 * A hub takes 100 messages a minute, 30 at once (PROTOCOL.md §0.5): so many go out at once, and so many more of what a
 * user asks for. The rest is for what does not wait here.
 */
const burst = 10;
const usersBurst = 15;
const refillMs = 750;
/** At most, of what is sent about each call. */
const envelopeCharacters = 48;

/** Where the line leads to. */
export interface LineEnd {
  /** One message. */
  transmit(batch: readonly Call[]): void;
  /** What there is to tell about a topic by then; false when it is nothing, and costs no message. */
  tell(topic: string): boolean;
}

/**
 * What goes out no faster than a hub takes it: the third message too many closes the connection. What a user asks for
 * comes first, at once but for a key that is held; then topics, each alone as the hub wants it; then calls in batches.
 * What is sent past the line does not wait, but counts.
 */
export class PacedLine {
  private users: Call[] = [];
  private readonly topics = new Set<string>();
  private waiting: Call[] = [];
  private left = burst;
  private countedAt: number;
  private timer: TimerId;

  constructor(
    private readonly environment: Environment,
    private readonly end: LineEnd,
  ) {
    this.countedAt = environment.now();
  }

  add(calls: readonly Call[]): void {
    this.waiting.push(...calls);
    this.advance();
  }

  /** What a user asks for. */
  addUsers(call: Call): void {
    this.users.push(call);
    this.advance();
  }

  /** Ahead of the calls that wait. */
  addFirst(call: Call): void {
    this.waiting.unshift(call);
    this.advance();
  }

  /** There is something to tell about it: once, however often it comes before its turn. */
  addTopic(topic: string): void {
    this.topics.add(topic);
    this.advance();
  }

  /** A message went past the line. */
  spend(): void {
    this.refill();
    this.left -= 1;
  }

  /** There is no connection, and the next begins anew: those that wait, no longer waited for. */
  begin(): Call[] {
    this.environment.clearTimer(this.timer);
    this.left = burst;
    this.countedAt = this.environment.now();
    this.topics.clear();
    return [...this.users.splice(0), ...this.waiting.splice(0)];
  }

  private advance(): void {
    this.environment.clearTimer(this.timer);
    this.refill();
    while (this.isWaiting && this.missing <= 0) if (this.goNext()) this.left -= 1;
    if (this.isWaiting) this.timer = this.environment.setTimer(() => this.advance(), Math.ceil(this.missing * refillMs));
  }

  private get isWaiting(): boolean {
    return this.users.length + this.topics.size + this.waiting.length > 0;
  }

  /** Messages until the next may go. */
  private get missing(): number {
    return 1 - this.left - (this.users.length > 0 ? usersBurst : 0);
  }

  /** Whether it was a message. */
  private goNext(): boolean {
    const [topic] = this.topics;
    if (this.users.length > 0 || topic === undefined) return this.goBatch(this.users.length > 0 ? this.users : this.waiting);
    this.topics.delete(topic);
    return this.end.tell(topic);
  }

  private goBatch(calls: Call[]): true {
    this.end.transmit(calls.splice(0, batchSize(calls, 0, envelopeCharacters)));
    return true;
  }

  private refill(): void {
    const now = this.environment.now();
    this.left = Math.min(burst, this.left + Math.max(0, now - this.countedAt) / refillMs); // a clock may be set back
    this.countedAt = now;
  }
}
