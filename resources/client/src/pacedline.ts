import { batchesOf } from './batches.js';
import type { Call } from './calls.js';
import type { Environment, TimerId } from './environment.js';

/** A hub takes 100 messages a minute, 30 at once (PROTOCOL.md §0.5): the rest is for what does not wait here. */
const burst = 10;
const refillMs = 750;

/**
 * Calls that go out in batches, no faster than a hub takes them: the third message too many closes the connection.
 * What is sent past the line does not wait, but counts.
 */
export class PacedLine {
  private waiting: Call[] = [];
  private left = burst;
  private countedAt: number;
  private timer: TimerId;

  constructor(
    private readonly environment: Environment,
    private readonly transmit: (batch: readonly Call[]) => void,
  ) {
    this.countedAt = environment.now();
  }

  add(calls: readonly Call[]): void {
    this.waiting.push(...calls);
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
    return this.waiting.splice(0);
  }

  private advance(): void {
    this.environment.clearTimer(this.timer);
    this.refill();
    while (this.waiting.length > 0 && this.left >= 1) {
      this.left -= 1;
      this.transmit(this.waiting.splice(0, batchesOf(this.waiting)[0]?.length ?? 0));
    }
    if (this.waiting.length > 0) this.timer = this.environment.setTimer(() => this.advance(), (1 - this.left) * refillMs);
  }

  private refill(): void {
    const now = this.environment.now();
    this.left = Math.min(burst, this.left + (now - this.countedAt) / refillMs);
    this.countedAt = now;
  }
}
