import { isRepeatable, isReport, isTooLarge, PendingCalls, type Call } from './calls.js';
import { CallQueue, offline } from './callqueue.js';
import { Connection, type Receiver } from './connection.js';
import { DrayError } from './drayerror.js';
import { watchEndings } from './endings.js';
import { realEnvironment } from './environment.js';
import { JobMap } from './jobmap.js';
import type { Observable } from './observable.js';
import { ownUrl, type ClientOptions, type ClientStatus } from './options.js';
import { PacedLine } from './pacedline.js';
import { defaultColumns, type HelloResult, type Message, type Params } from './protocol.js';
import type { ReconnectPlan } from './reconnect.js';
import { asRepeat } from './repeats.js';
import { Topics, type TopicHandler } from './topics.js';

export const clientVersion = '0.1.0';

/**
 * A live view of one hub, and its commands. Runs in a page, an extension worker or Node.
 *
 *     const dray = new DrayClient({ url, token });
 *     dray.jobs.subscribe((change) => …);
 *     await dray.call('job.add', { kind: 'download', url: 'https://…', idem: crypto.randomUUID() });
 */
export class DrayClient {
  /** Every job of the hub that this token may see. Kept as it was while offline. */
  readonly jobs = new JobMap();
  readonly status: Observable<ClientStatus>;
  /** When the next try is, while offline. */
  readonly reconnectPlan: Observable<ReconnectPlan>;

  private readonly connection: Connection;
  private readonly topics = new Topics();
  private readonly queue: CallQueue;
  private readonly calls: PendingCalls;
  private readonly line: PacedLine;
  private greeting: HelloResult | undefined;
  private columns: readonly string[] = defaultColumns;
  private lastMessageAt: number | undefined;

  constructor(private readonly options: ClientOptions = {}) {
    const environment = options.environment ?? realEnvironment(options.WebSocket);
    const timeoutMs = options.callTimeout ?? 60_000;
    this.queue = new CallQueue(environment, options.queueLimit ?? 100, timeoutMs);
    this.calls = new PendingCalls(environment, timeoutMs, 1);
    this.line = new PacedLine(environment, { transmit: (batch) => this.sendBatch(batch), tell: (topic) => this.tellTopic(topic) });
    const settings = {
      environment,
      url: (options.url ?? ownUrl()).replace(/\/+$/, ''),
      clientName: { name: options.name ?? 'dray-client', version: clientVersion, kind: options.kind ?? 'remote' },
      progressRate: options.progressRate,
      reconnectDelayMs: options.reconnectDelay ?? 1000,
      maxReconnectAttempts: options.maxReconnectAttempts ?? Infinity,
    };
    this.connection = new Connection(settings, this.receiver(() => environment.now()));
    this.status = this.connection.status;
    this.reconnectPlan = this.connection.reconnect.plan;
    this.status.subscribe((status) => this.statusChanged(status));
    if (options.enableNotifications) this.notifyEndings(environment.notify);
    if (options.autoConnect ?? true) this.connect();
  }

  /** Commands are sent at once, and what `jobs` says is live. */
  get isConnected(): boolean {
    return this.connection.live !== undefined;
  }

  /** Failed tries in a row. */
  get reconnectAttempts(): number {
    return this.reconnectPlan.value.attempts;
  }

  /** Milliseconds since 1970; undefined before the first message. */
  get lastMessageTime(): number | undefined {
    return this.lastMessageAt;
  }

  /** What `session.hello` answered; undefined before, and where there is no WebSocket. */
  get hello(): HelloResult | undefined {
    return this.greeting;
  }

  /**
   * Connects and stays so until `disconnect`. A planned try is made at once. `token` replaces the known one, on a
   * connection that there is too: it is made again.
   */
  connect(token: string | undefined = this.connection.token ?? this.options.token): void {
    this.connection.connect(token);
  }

  /** Ends the connection; it is not made again by itself. Calls that wait fail. */
  disconnect(): void {
    this.connection.disconnect();
    this.queue.failAll('disconnected');
  }

  /** Sends a message as it is, without waiting for an answer. False when offline: it is not kept. */
  send(message: Message): boolean {
    this.line.spend();
    this.connection.live?.send(message);
    return this.isConnected;
  }

  /**
   * Asks the hub: at once, but for who asks faster than it takes messages. Rejects with DrayError. While offline a call
   * waits for the connection if it may be done twice: by its nature, or because `params.idem` names it; any other is
   * rejected at once.
   */
  call<T = unknown>(method: string, params: Params = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.issue({ method, params, done: (result) => resolve(result as T), failed: reject });
    });
  }

  /** As `call`, for what no button was pressed for: where the hub takes no more messages it waits, ahead of `callAll`. */
  ask<T = unknown>(method: string, params: Params = {}): Promise<T> {
    if (!this.isConnected) return this.call<T>(method, params);
    return new Promise<T>((resolve, reject) => {
      this.line.addFirst({ method, params, done: (result) => resolve(result as T), failed: reject });
    });
  }

  /**
   * The same question about many things, in as few messages as possible and no faster than the hub takes them: some
   * thousands a minute. One end for each, in order.
   */
  callAll<T = unknown>(method: string, list: readonly Params[]): Promise<PromiseSettledResult<T>[]> {
    if (!this.isConnected) return Promise.allSettled(list.map((params) => this.call<T>(method, params)));
    const calls: Call[] = [];
    const ask = (params: Params) => new Promise<T>((resolve, reject) => {
      calls.push({ method, params, done: (result: unknown) => resolve(result as T), failed: reject });
    });
    const answers = Promise.allSettled(list.map(ask));
    this.line.add(calls);
    return answers;
  }

  /**
   * Calls `handler` for what happens in `topic`, its snapshot first, which its other handlers get once more. The
   * snapshot of the topic `jobs` comes only when it is due: `jobs` has it. Call the result to stop.
   */
  subscribe(topic: string, handler: TopicHandler): () => void {
    this.topics.add(topic, handler);
    if (topic !== 'jobs') this.topicChanged(topic);
    return () => {
      if (!this.topics.remove(topic, handler)) return;
      this.connection.forget(topic);
      this.topicChanged(topic);
    };
  }

  /** Takes a job out of this view only. */
  clearJob(id: string): void {
    this.jobs.hide(id);
  }

  clearAllJobs(): void {
    this.jobs.hideAll();
  }

  private issue(call: Call): void {
    if (isTooLarge(call)) return call.failed(new DrayError('refused', `${call.method} is larger than the hub takes`));
    if (this.isConnected && isReport(call.method)) this.calls.issue(call, (message) => this.connection.live?.send(message));
    else if (this.isConnected) this.line.addUsers(call);
    else if (this.status.value === 'unauthorized') call.failed(offline('not signed in'));
    else this.queue.add(call);
  }

  private sendBatch(batch: readonly Call[]): void {
    const messages: Message[] = [];
    for (const call of batch) {
      if (isTooLarge(call)) this.issue(call);
      else this.calls.issue(call, (message) => messages.push(message));
    }
    this.connection.live?.sendAll(messages);
  }

  /** A connection that begins asks for its topics by itself. */
  private topicChanged(topic: string): void {
    if (this.isConnected) this.line.addTopic(topic);
  }

  private tellTopic(topic: string): boolean {
    const session = this.connection.live;
    if (!this.topics.has(topic)) return session?.unsubscribe(topic) ?? false;
    session?.subscribe(topic);
    return true;
  }

  private receiver(now: () => number): Receiver {
    return {
      topics: () => this.topics.names(),
      greeted: (hello) => this.greeted(hello),
      snapshotBegan: () => this.jobs.beginSnapshot(),
      snapshotPage: (page) => this.jobs.addPage(page.jobs),
      snapshotEnded: () => this.jobs.endSnapshot(),
      topicAcked: (ack) => this.topics.tell(ack.topic, { kind: 'snapshot', ack }),
      topicFailed: (topic, error) => this.topics.fail(topic, error),
      event: (event) => {
        if (event.type.startsWith('job.')) this.jobs.applyEvent(event);
        this.topics.tellEvent(event);
      },
      progress: (progress) => {
        this.jobs.applyProgress(this.columns, progress.jobs);
        this.topics.tellProgress(progress);
      },
      heard: (message) => {
        this.lastMessageAt = now();
        this.options.onMessage?.(message);
      },
      answered: (message) => void this.calls.settle(message),
      ready: () => this.ready(),
      interrupted: () => this.interrupted(),
    };
  }

  private greeted(hello: HelloResult): void {
    this.greeting = hello;
    this.columns = hello.columns ?? defaultColumns;
  }

  private ready(): void {
    this.line.add(this.queue.takeAll());
  }

  private interrupted(): void {
    const unsent = this.line.begin();
    for (const call of this.calls.takeAll()) this.keepOrFail(call);
    for (const call of unsent) this.queue.add(call);
  }

  /** A call whose answer was lost: nobody knows whether it was done. */
  private keepOrFail(call: Call): void {
    if (isRepeatable(call.method, call.params)) this.queue.add(asRepeat(call, this.jobs));
    else call.failed(new DrayError('offline', `the connection was lost before ${call.method} was answered`));
  }

  private statusChanged(status: ClientStatus): void {
    if (status === 'unauthorized') this.queue.failAll('not signed in');
    this.options.onStatusChange?.(status);
  }

  private notifyEndings(notify: (title: string, body: string, tag: string) => void): void {
    const text = this.options.notificationText ?? ((job) => job.state);
    watchEndings(this.jobs, (job) => notify(job.title, text(job), `dray-job-${job.id}`));
  }
}
