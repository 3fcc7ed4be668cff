import { DrayError } from './drayerror.js';
import type { Environment, TimerId } from './environment.js';
import type { Message, Params } from './protocol.js';

export interface Call {
  method: string;
  params: Params;
  /** Called once with the result; synchronously, so that nothing overtakes an answer. */
  done(result: unknown): void;
  failed(error: DrayError): void;
}

const repeatable = new Set([
  'job.list', 'job.get', 'job.events', 'job.pause', 'job.resume', 'job.cancel', 'job.remove', 'job.setLimit',
  'job.refreshUrl', 'device.list', 'workflow.list', 'workflow.get', 'workflow.pause', 'workflow.resume',
  'workflow.cancel', 'history.list', 'flash.list', 'pair.list', 'agent.list', 'agent.get', 'metrics.get', 'settings.get', 'settings.set', 'token.list',
  'token.revoke', 'topic.list',
]);

/** Whether asking twice does no more than asking once: by its nature, or because the hub remembers `idem`. */
export function isRepeatable(method: string, params: Params): boolean {
  return repeatable.has(method) || typeof params['idem'] === 'string';
}

const reports = new Set(['job.report', 'agent.accept', 'agent.progress', 'agent.complete', 'agent.fail']);

/** Whether the hub does not count it among the messages of a connection (PROTOCOL.md §0.5). */
export function isReport(method: string): boolean {
  return reports.has(method);
}

/** What the hub reads of one message (PROTOCOL.md §0.5), less what goes around a call. */
const mostBytes = 64 * 1024 - 256;

/** Whether the hub would close the connection instead of answering. */
export function isTooLarge({ method, params }: Call): boolean {
  return new TextEncoder().encode(JSON.stringify({ method, params })).length > mostBytes;
}

/** Calls that were sent and are not answered. */
export class PendingCalls {
  private readonly pending = new Map<number, { call: Call; timer: TimerId }>();
  private lastId = 0;

  constructor(
    private readonly environment: Environment,
    private readonly timeoutMs: number,
    /** Two sets of calls on one connection use ids of different remainders. */
    private readonly parity: 0 | 1,
  ) {}

  /** Gives `call` an id, sends it by `transmit` and waits for its answer or the time-out. */
  issue(call: Call, transmit: (message: Message) => void): void {
    this.lastId += 1;
    const id = this.lastId * 2 + this.parity;
    const timer = this.environment.setTimer(() => {
      this.pending.delete(id);
      call.failed(new DrayError('timeout', `no answer to ${call.method}`));
    }, this.timeoutMs);
    this.pending.set(id, { call, timer });
    transmit({ jsonrpc: '2.0', id, method: call.method, params: call.params });
  }

  /** False when `message` answers none of these calls. */
  settle(message: Message): boolean {
    const id = Number(message.id);
    const entry = this.pending.get(id);
    if (!entry) return false;
    this.forget(id, entry.timer);
    if (message.error) entry.call.failed(DrayError.fromBody(message.error));
    else entry.call.done(message.result);
    return true;
  }

  /** All calls in the order they were sent, no longer waited for. */
  takeAll(): Call[] {
    const calls = [...this.pending.values()].map((entry) => entry.call);
    for (const [id, entry] of this.pending) this.forget(id, entry.timer);
    return calls;
  }

  private forget(id: number, timer: TimerId): void {
    this.environment.clearTimer(timer);
    this.pending.delete(id);
  }
}
