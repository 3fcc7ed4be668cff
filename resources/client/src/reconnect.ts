import { backoffMs } from './backoff.js';
import type { Environment, TimerId } from './environment.js';
import { Variable } from './observable.js';

export interface ReconnectPlan {
  /** Tries again after failures in a row. */
  attempts: number;
  /** When the next try is, milliseconds since 1970; undefined when none is planned. */
  nextAt: number | undefined;
}

/** When to try again: slower after each failure, at once when the network is back or the page is looked at. */
export class Reconnect {
  readonly plan = new Variable<ReconnectPlan>({ attempts: 0, nextAt: undefined });
  private timer: TimerId;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly baseMs: number,
    private readonly maxAttempts: number,
    private readonly run: () => void,
  ) {}

  /** Plans the next try; false when there were too many. `leastMs` is what the hub asked to wait. */
  fail(leastMs = 0): boolean {
    const attempts = this.plan.value.attempts + 1;
    if (attempts > this.maxAttempts) return this.give();
    const delayMs = Math.max(leastMs, backoffMs(attempts, this.baseMs, () => this.environment.random()));
    this.cancel();
    this.timer = this.environment.setTimer(() => this.now(), delayMs);
    this.stopListening = this.environment.onWake(() => this.now());
    this.plan.set({ attempts, nextAt: this.environment.now() + delayMs }); // the last: who hears it may cancel
    return true;
  }

  /** Tries at once, when a try is planned. */
  now(): void {
    if (this.plan.value.nextAt === undefined) return;
    this.cancel();
    this.run();
  }

  succeed(): void {
    this.cancel();
    this.plan.set({ attempts: 0, nextAt: undefined });
  }

  cancel(): void {
    this.environment.clearTimer(this.timer);
    this.stopListening?.();
    this.stopListening = undefined;
    this.plan.set({ attempts: this.plan.value.attempts, nextAt: undefined });
  }

  private give(): false {
    this.cancel();
    return false;
  }
}
