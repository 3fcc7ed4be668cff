import type { DrayError } from './drayerror.js';
import type { Environment, SocketLike, TimerId } from './environment.js';
import { HealthCheck } from './healthcheck.js';
import { Variable } from './observable.js';
import type { ClientStatus } from './options.js';
import { PollSession } from './pollsession.js';
import { subprotocol } from './protocol.js';
import type { Cursor, HelloResult, HubEvent, JobPage, Message, Progress, TopicAck } from './protocol.js';
import { Reconnect } from './reconnect.js';
import type { Session, SessionEnd, SessionHost } from './session.js';
import { openingMs, SocketSession, socketUrl } from './socketsession.js';
import { StreamSession } from './streamsession.js';

/** So many sockets in a row that the hub never greeted: WebSockets may be blocked on the way. */
const blockedAfter = 2;
const probeEveryMs = 60_000;

/** What comes out of a connection, whichever way it goes. */
export interface Receiver {
  topics(): string[];
  greeted(hello: HelloResult): void;
  snapshotBegan(): void;
  snapshotPage(page: JobPage): void;
  snapshotEnded(): void;
  topicAcked(ack: TopicAck): void;
  topicFailed(topic: string, error: DrayError): void;
  event(event: HubEvent): void;
  progress(progress: Progress): void;
  heard(message: Message): void;
  answered(message: Message): void;
  /** Calls can be sent. May come again. */
  ready(): void;
  /** Calls cannot be sent, and those that were will not be answered. */
  interrupted(): void;
}

export interface ConnectionSettings {
  environment: Environment;
  url: string;
  clientName: { name: string; version: string; kind: string };
  progressRate: number | undefined;
  reconnectDelayMs: number;
  maxReconnectAttempts: number;
}

/**
 * Keeps one session to the hub going and the place in its event stream.
 *
 *   SocketSession ─ lost → back-off → SocketSession …
 *        └ not greeted twice, but /healthz answers → StreamSession, else PollSession; a socket is tried
 *          each minute meanwhile
 *
 * Whoever hears of a change may disconnect or connect at once: after each telling it is looked what holds.
 */
export class Connection implements SessionHost {
  readonly status = new Variable<ClientStatus>('offline');
  readonly reconnect: Reconnect;
  token: string | undefined;

  private readonly confirmed = new Set(['jobs']);
  private session: Session | undefined;
  private isWanted = false;
  private place: Cursor | undefined;
  private isGreeted = false;
  private isLive = false;
  private ungreeted = 0;
  private gaps = 0;
  private isStreamBlocked = false;
  private health: HealthCheck | undefined;
  private probeTimer: TimerId;
  private probe: SocketLike | undefined;

  constructor(
    private readonly settings: ConnectionSettings,
    private readonly receiver: Receiver,
  ) {
    const { environment, reconnectDelayMs, maxReconnectAttempts } = settings;
    this.reconnect = new Reconnect(environment, reconnectDelayMs, maxReconnectAttempts, () => this.openWanted());
  }

  get environment(): Environment {
    return this.settings.environment;
  }

  get url(): string {
    return this.settings.url;
  }

  get clientName(): ConnectionSettings['clientName'] {
    return this.settings.clientName;
  }

  get progressRate(): number | undefined {
    return this.settings.progressRate;
  }

  /** The session that carries calls, when there is one. */
  get live(): Session | undefined {
    return this.isLive ? this.session : undefined;
  }

  connect(token: string | undefined): void {
    const isOther = token !== this.token;
    if (isOther) this.place = undefined;
    this.token = token;
    if (this.isWanted && !(isOther && this.session)) return this.tryAtOnce();
    this.leave();
    this.isWanted = true;
    this.reconnect.succeed();
    this.status.set('connecting');
    this.openWanted();
  }

  disconnect(): void {
    this.stop('offline');
  }

  /** Nobody listens to `topic` any more. */
  forget(topic: string): void {
    this.confirmed.delete(topic);
  }

  // SessionHost

  topics(): string[] {
    return this.receiver.topics();
  }

  knownTopics(): string[] {
    return this.topics().filter((topic) => this.confirmed.has(topic));
  }

  cursor(): Cursor | undefined {
    return this.place;
  }

  opened(): void {
    this.status.set('catchingUp');
  }

  greeted(hello: HelloResult): void {
    this.isGreeted = true;
    if (this.session?.kind === 'socket') this.ungreeted = 0;
    if (!hello.recovered) this.place = undefined;
    this.receiver.greeted(hello);
  }

  caughtUp(cursor: Cursor | undefined): void {
    const { session } = this;
    this.place = cursor;
    if (!this.isLive && session?.kind === 'http') this.planProbe();
    this.isLive = true;
    this.reconnect.succeed();
    if (this.session === session) this.status.set(session?.kind === 'http' ? 'polling' : 'connected');
    if (this.session === session) this.receiver.ready();
  }

  snapshotBegan(): void {
    this.place = undefined;
    this.receiver.snapshotBegan();
  }

  snapshotPage(page: JobPage): void {
    this.receiver.snapshotPage(page);
  }

  snapshotEnded(): void {
    this.receiver.snapshotEnded();
  }

  topicAcked(ack: TopicAck): void {
    this.confirmed.add(ack.topic);
    this.receiver.topicAcked(ack);
  }

  topicFailed(topic: string, error: DrayError): void {
    this.confirmed.delete(topic);
    this.receiver.topicFailed(topic, error);
  }

  event(event: HubEvent, cursor: Cursor): void {
    this.gaps = 0;
    if (this.place) this.place = cursor;
    this.receiver.event(event);
  }

  progress(progress: Progress): void {
    this.receiver.progress(progress);
  }

  heard(message: Message): void {
    this.receiver.heard(message);
  }

  answered(message: Message): void {
    this.receiver.answered(message);
  }

  ended(end: SessionEnd): void {
    const session = this.session;
    const wasLive = this.isLive;
    this.leave();
    if (end.kind === 'unauthorized') this.stop('unauthorized');
    else if (end.kind === 'refused') this.stop('offline');
    else if (end.kind === 'gap') this.afterGap();
    else this.afterLoss(session, wasLive, end.retryAfterMs);
  }

  /** An event was missed: resume at once; when that does not help, start over. */
  private afterGap(): void {
    this.gaps += 1;
    this.status.set('catchingUp');
    if (this.gaps === 1) return this.openWanted();
    this.place = undefined;
    if (this.isWanted) this.retryLater();
  }

  private afterLoss(session: Session | undefined, wasLive: boolean, retryAfterMs: number | undefined): void {
    if (session instanceof SocketSession && !this.isGreeted) this.ungreeted += 1;
    if (session instanceof StreamSession && !wasLive) {
      this.isStreamBlocked = true;
      return this.enter(new PollSession(this));
    }
    if (session?.kind === 'socket' && this.ungreeted >= blockedAfter) void this.openHttp();
    else this.retryLater(retryAfterMs);
  }

  private retryLater(leastMs?: number): void {
    const isPlanned = this.reconnect.fail(leastMs);
    this.status.set('offline');
    if (!isPlanned) this.stop('offline');
  }

  private openWanted(): void {
    if (this.isWanted && !this.session) this.openSocket();
  }

  private openSocket(): void {
    this.isGreeted = false;
    this.enter(new SocketSession(this));
  }

  /** By a socket, where none is open. */
  private tryAtOnce(): void {
    if (!this.endHealth()) return this.reconnect.now();
    this.openWanted();
  }

  /** Without a WebSocket, when the hub can be reached at all. */
  private async openHttp(): Promise<void> {
    const health = new HealthCheck(this.environment, openingMs, () => this.tryAtOnce());
    this.health = health;
    const isReachable = await health.isReachable(this.url);
    if (this.health !== health) return;
    this.endHealth();
    if (!isReachable) this.retryLater();
    else this.enter(this.isStreamBlocked ? new PollSession(this) : new StreamSession(this));
  }

  private enter(session: Session): void {
    this.session = session;
    session.start();
  }

  /** Whether there was one. */
  private endHealth(): boolean {
    const { health } = this;
    this.health = undefined;
    health?.end();
    return health !== undefined;
  }

  private leave(): void {
    this.endHealth();
    this.environment.clearTimer(this.probeTimer);
    this.endProbe();
    this.session?.close();
    this.session = undefined;
    this.isLive = false;
    this.receiver.interrupted();
  }

  private stop(status: ClientStatus): void {
    this.isWanted = false;
    this.leave();
    this.reconnect.cancel();
    if (!this.isWanted) this.status.set(status);
  }

  private planProbe(): void {
    this.environment.clearTimer(this.probeTimer);
    this.probeTimer = this.environment.setTimer(() => this.startProbe(), probeEveryMs);
  }

  /** Opens a socket beside the running session; when that works, the session moves over. */
  private startProbe(): void {
    this.planProbe();
    this.endProbe();
    try {
      this.probe = this.environment.openSocket(socketUrl(this.url), [subprotocol]);
    } catch {
      return;
    }
    this.probe.onerror = () => undefined;
    this.probe.onopen = () => {
      this.leave();
      this.openSocket();
    };
  }

  private endProbe(): void {
    if (this.probe) this.probe.onopen = null;
    this.probe?.close();
    this.probe = undefined;
  }
}
