import { isRepeatable, type Call } from './calls.js';
import { DrayError } from './drayerror.js';
import type { Environment, TimerId } from './environment.js';

/** Calls that wait for a connection: bounded in number and time, and only what may be done twice. */
export class CallQueue {
  private readonly waiting = new Map<Call, TimerId>();

  constructor(
    private readonly environment: Environment,
    private readonly limit: number,
    private readonly timeoutMs: number,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Keeps `call`, or fails it at once: it is unsafe to repeat, or the queue is full. */
  add(call: Call): void {
    if (!isRepeatable(call.method, call.params)) return call.failed(offline(`${call.method} was not sent`));
    if (this.waiting.size >= this.limit) return call.failed(offline('too many calls wait for a connection'));
    const timer = this.environment.setTimer(() => {
      this.waiting.delete(call);
      call.failed(new DrayError('timeout', `no connection to send ${call.method}`));
    }, this.timeoutMs);
    this.waiting.set(call, timer);
  }

  /** All calls in order, no longer kept. */
  takeAll(): Call[] {
    const calls = [...this.waiting.keys()];
    for (const timer of this.waiting.values()) this.environment.clearTimer(timer);
    this.waiting.clear();
    return calls;
  }

  failAll(message: string): void {
    for (const call of this.takeAll()) call.failed(offline(message));
  }
}

export function offline(message: string): DrayError {
  return new DrayError('offline', message);
}
