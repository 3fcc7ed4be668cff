import { batchesOf } from './batches.js';
import { PendingCalls } from './calls.js';
import type { DrayError } from './drayerror.js';
import type { SocketLike, TimerId } from './environment.js';
import {
  closeCodes, errorCodes, isTerminalClose, subprotocol,
  type Bye, type Cursor, type HelloResult, type HubEvent, type JobPage, type Message, type Params,
  type Progress, type TopicAck,
} from './protocol.js';
import type { Session, SessionEnd, SessionHost } from './session.js';

const callTimeoutMs = 60_000;
/** How long a hub may take to open a connection. */
export const openingMs = 10_000;
const defaultHeartbeatMs = 20_000;
/** Silence of this many heartbeats means the connection is dead. */
const deadAfterHeartbeats = 2.25;

/**
 * The native WebSocket.
 *
 *   open → session.hello {resume, topics}
 *     recovered      → the missed events come by themselves; the answer to topic.list ends them
 *     not recovered  → the answer has the topics' state; job.list pages until the jobs are complete
 *   → live
 *
 * Each event names the one before it (`prev`); when that is not the one received, the session ends with `gap`.
 */
export class SocketSession implements Session {
  readonly kind = 'socket';
  private socket: SocketLike | undefined;
  private readonly calls: PendingCalls;
  private timer: TimerId;
  private deadAfterMs = openingMs;
  private bye: Bye | undefined;
  private lastSeq = -1;
  private resumeSeq = -1;
  private position: Cursor = { epoch: '', seq: -1 };
  private unanswered = 0;
  private asked = new Set<string>();
  /** From here on who begins to listen says so by `subscribe`. */
  private isCaughtUp = false;

  constructor(private readonly host: SessionHost) {
    this.calls = new PendingCalls(host.environment, callTimeoutMs, 0);
  }

  start(): void {
    try {
      this.socket = this.host.environment.openSocket(socketUrl(this.host.url), [subprotocol]);
    } catch {
      return this.host.ended({ kind: 'lost' });
    }
    this.socket.onopen = () => this.hello();
    this.socket.onmessage = (message) => this.receive(message.data);
    this.socket.onclose = (close) => this.end(this.reasonFor(close.code));
    this.socket.onerror = () => undefined; // a close follows
    this.armTimer();
  }

  send(message: Message): void {
    this.socket?.send(JSON.stringify(message));
  }

  sendAll(messages: readonly Message[]): void {
    for (const batch of batchesOf(messages)) this.socket?.send(JSON.stringify(batch.length === 1 ? batch[0] : batch));
  }

  subscribe(topic: string): void {
    this.asked.add(topic);
    const failed = (error: DrayError) => this.topicFailed(topic, error);
    this.ask('topic.subscribe', this.wishFor(topic), (ack) => this.acked(ack as TopicAck), failed);
  }

  unsubscribe(topic: string): boolean {
    if (!this.asked.delete(topic)) return false;
    this.ask('topic.unsubscribe', { topic }, () => undefined, (error) => this.unsubscribeFailed(topic, error));
    return true;
  }

  close(): void {
    this.release()?.close(closeCodes.normal);
  }

  private wishFor(topic: string): Params {
    const { progressRate: rateHz } = this.host;
    return { topic, ...(rateHz !== undefined && { rateHz }) };
  }

  private hello(): void {
    this.host.opened();
    const resume = this.host.cursor();
    this.resumeSeq = resume?.seq ?? -1;
    this.asked = new Set(this.host.knownTopics());
    const topics = [...this.asked].map((topic) => this.wishFor(topic));
    const params: Params = { client: this.host.clientName, features: ['batch'], topics };
    if (this.host.token !== undefined) params['token'] = this.host.token;
    if (resume) params['resume'] = resume;
    const failed = (error: DrayError) => this.fail(error);
    this.ask('session.hello', params, (hello) => this.greet(hello as HelloResult), failed);
  }

  private greet(hello: HelloResult): void {
    this.deadAfterMs = (hello.heartbeatMs ?? defaultHeartbeatMs) * deadAfterHeartbeats;
    this.armTimer();
    this.lastSeq = hello.seq;
    if (!hello.recovered) this.resumeSeq = -1;
    this.position = { epoch: hello.epoch, seq: hello.recovered ? this.resumeSeq : hello.seq };
    this.host.greeted(hello);
    const known = hello.recovered ? this.host.knownTopics() : (hello.topics ?? []).map((ack) => ack.topic);
    for (const topic of this.host.topics()) if (!known.includes(topic)) this.subscribe(topic);
    if (hello.recovered) this.awaitReplay();
    else for (const ack of hello.topics ?? []) this.acked(ack);
  }

  /** Answers keep their order among the events, so any answer marks the end of the replay. */
  private awaitReplay(): void {
    const done = () => this.settleSnapshot();
    this.ask('topic.list', {}, done, done);
  }

  private acked(ack: TopicAck): void {
    this.position = { epoch: ack.epoch, seq: Math.max(ack.seq, this.position.seq) };
    if (ack.topic === 'jobs') {
      this.host.snapshotBegan();
      this.page({ jobs: ack.jobs ?? [], ...(ack.next === undefined ? {} : { next: ack.next }) });
    }
    this.host.topicAcked(ack);
    this.settleSnapshot();
  }

  private page(page: JobPage): void {
    this.host.snapshotPage(page);
    if (page.next !== undefined) this.askPage(page.next);
    else this.host.snapshotEnded();
  }

  private askPage(before: string): void {
    const failed = (error: DrayError) => this.retryPage(before, error);
    this.ask('job.list', { before }, (page) => this.pageCame(page as JobPage), failed);
  }

  private pageCame(page: JobPage): void {
    this.page(page);
    this.settleSnapshot();
  }

  private retryPage(before: string, error: DrayError): void {
    if (error.code !== errorCodes.rateLimited) return this.fail(error);
    this.tryLater(error, () => this.askPage(before));
  }

  private topicFailed(topic: string, error: DrayError): void {
    if (error.code === errorCodes.rateLimited) return this.tryLater(error, () => this.isWanted(topic) && this.subscribe(topic));
    if (topic === 'jobs') return this.fail(error);
    this.host.topicFailed(topic, error);
    this.settleSnapshot();
  }

  /** Else the hub would go on counting it among the few that a connection may have. */
  private unsubscribeFailed(topic: string, error: DrayError): void {
    if (error.code !== errorCodes.rateLimited || this.asked.has(topic)) return;
    this.asked.add(topic);
    this.tryLater(error, () => this.isWanted(topic) || this.unsubscribe(topic));
  }

  private isWanted(topic: string): boolean {
    return this.host.topics().includes(topic);
  }

  /** Once the hub takes another message. */
  private tryLater(error: DrayError, again: () => void): void {
    this.unanswered += 1;
    this.host.environment.setTimer(() => this.whenAnswered(() => {
      again();
      this.settleSnapshot();
    }), error.retryAfterMs ?? 1000);
  }

  private settleSnapshot(): void {
    if (this.unanswered > 0) return;
    const late = this.isCaughtUp ? [] : this.host.topics().filter((topic) => !this.asked.has(topic));
    for (const topic of late) this.subscribe(topic);
    if (late.length > 0) return;
    this.isCaughtUp = true;
    this.host.caughtUp(this.position);
  }

  private receive(data: unknown): void {
    this.armTimer();
    const parsed = parse(data);
    const messages = Array.isArray(parsed) ? (parsed as Message[]) : [parsed as Message];
    for (const message of messages) if (this.socket && message) this.dispatch(message);
  }

  private dispatch(message: Message): void {
    this.host.heard(message);
    if (message.method === undefined) {
      if (!this.calls.settle(message)) this.host.answered(message);
    } else if (message.method === 'event') this.event(message.params as unknown as HubEvent);
    else if (message.method === 'progress') this.host.progress(message.params as unknown as Progress);
    else if (message.method === 'session.ping') this.pong(message.params);
    else if (message.method === 'session.bye') this.bye = message.params as unknown as Bye;
  }

  private pong(params: Params | undefined): void {
    this.send({ jsonrpc: '2.0', method: 'session.pong', params: { time: params?.['time'] ?? 0 } });
  }

  private event(event: HubEvent): void {
    const isNext = event.prev === this.lastSeq || event.prev === this.resumeSeq;
    if (!isNext) return event.seq <= this.lastSeq ? undefined : this.endWith({ kind: 'gap' }, closeCodes.gap);
    this.resumeSeq = -1;
    this.lastSeq = event.seq;
    this.position = { epoch: this.position.epoch, seq: Math.max(event.seq, this.position.seq) };
    this.host.event(event, this.position);
  }

  /** A call of this session itself; `unanswered` tells when the last of them is through. */
  private ask(method: string, params: Params, done: (result: unknown) => void, failed: (e: DrayError) => void): void {
    this.unanswered += 1;
    const call = {
      method,
      params,
      done: (result: unknown) => this.whenAnswered(() => done(result)),
      failed: (error: DrayError) => this.whenAnswered(() => failed(error)),
    };
    this.calls.issue(call, (message) => this.send(message));
  }

  private whenAnswered(run: () => void): void {
    this.unanswered -= 1;
    if (this.socket) run();
  }

  private fail(error: DrayError): void {
    const { unauthorized, forbidden } = errorCodes;
    if (error.code === unauthorized) return this.endWith({ kind: 'unauthorized' }, closeCodes.normal);
    if (error.code === forbidden) return this.endWith({ kind: 'refused', code: error.code }, closeCodes.normal);
    this.endWith({ kind: 'lost', retryAfterMs: error.retryAfterMs }, closeCodes.normal);
  }

  private reasonFor(code: number): SessionEnd {
    if (code === closeCodes.unauthorized || code === closeCodes.revoked) return { kind: 'unauthorized' };
    if (isTerminalClose(code) || this.bye?.reconnect === false) return { kind: 'refused', code };
    return { kind: 'lost', retryAfterMs: this.bye?.retryAfterMs };
  }

  private armTimer(): void {
    this.host.environment.clearTimer(this.timer);
    const silent = () => this.endWith({ kind: 'lost' }, closeCodes.heartbeat);
    this.timer = this.host.environment.setTimer(silent, this.deadAfterMs);
  }

  private endWith(end: SessionEnd, code: number): void {
    const socket = this.socket;
    this.end(end);
    socket?.close(code);
  }

  private end(end: SessionEnd): void {
    if (this.release()) this.host.ended(end);
  }

  /** Lets go of socket and timers; the socket, when there still was one. */
  private release(): SocketLike | undefined {
    const socket = this.socket;
    this.socket = undefined;
    this.host.environment.clearTimer(this.timer);
    this.calls.takeAll();
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    return socket;
  }
}

export function socketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws')}/api/v1/ws`;
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
