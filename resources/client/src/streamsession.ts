import type { TimerId } from './environment.js';
import { HttpAccess, eventsQuery } from './httpaccess.js';
import type { Cursor, HelloResult, HubEvent, Message, Progress, TopicAck } from './protocol.js';
import type { Session, SessionEnd, SessionHost } from './session.js';
import { SseReader, type StreamEvent } from './ssereader.js';

/** No byte for so long, not even a comment: something on the way holds the stream back. */
const silentMs = 45_000;

/**
 * Server-sent events read by fetch, which can carry a token; commands go by POST.
 *
 *   hello → recovered: what was missed, then what happens
 *         → else: snapshot pages, the last of them without `next`, with what happens meanwhile between
 */
export class StreamSession implements Session {
  readonly kind = 'http';
  private readonly access: HttpAccess;
  private reading: HttpAccess;
  private readonly asked: Set<string>;
  private timer: TimerId;
  private position: Cursor = { epoch: '', seq: -1 };
  private isOver = false;

  constructor(private readonly host: SessionHost) {
    this.access = new HttpAccess(host);
    this.reading = new HttpAccess(host);
    this.asked = new Set(host.knownTopics());
  }

  start(): void {
    const reading = new HttpAccess(this.host);
    this.reading = reading;
    this.run(reading).then(
      () => this.endReading(reading),
      () => this.endReading(reading),
    );
  }

  send(message: Message): void {
    this.access.send(message).catch(() => this.end({ kind: 'lost' }));
  }

  /** A stream's commands go by POST, one at a time. */
  sendAll(messages: readonly Message[]): void {
    for (const message of messages) this.send(message);
  }

  /** The topics of a stream are those of its request: another begins, with a snapshot. */
  subscribe(topic: string): void {
    this.asked.delete(topic);
    if (this.reading.isAborted) return;
    this.reading.abort();
    void Promise.resolve().then(() => this.isOver || this.start());
  }

  /** What still comes is heard by nobody. */
  unsubscribe(): boolean {
    return false;
  }

  close(): void {
    this.isOver = true;
    this.host.environment.clearTimer(this.timer);
    this.access.abort();
    this.reading.abort();
  }

  private async run(reading: HttpAccess): Promise<void> {
    this.armTimer();
    const topics = this.host.topics();
    const cursor = this.unasked() === undefined ? this.host.cursor() : undefined;
    for (const topic of topics) this.asked.add(topic);
    const query = eventsQuery(cursor, topics);
    const response = await reading.get(`/api/v1/events?${query}`, 'text/event-stream');
    if (response.status === 401) return this.end({ kind: 'unauthorized' });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (reading.isAborted || !response.ok || !isStream || !response.body) return;
    this.host.opened();
    await this.read(response.body, reading);
  }

  private async read(body: ReadableStream<Uint8Array>, reading: HttpAccess): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const events = new SseReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || reading.isAborted) return;
      this.armTimer();
      for (const event of events.push(decoder.decode(value, { stream: true }))) {
        if (!reading.isAborted) this.take(event);
      }
    }
  }

  private take(event: StreamEvent): void {
    const params: unknown = JSON.parse(event.data);
    this.host.heard({ method: event.type, params: params as Record<string, unknown> });
    if (event.type === 'event') this.event(params as HubEvent);
    else if (event.type === 'progress') this.host.progress(params as Progress);
    else if (event.type === 'hello') this.hello(params as HelloResult);
    else if (event.type === 'snapshot') this.snapshot(params as TopicAck & { before?: string });
  }

  private hello(hello: HelloResult): void {
    this.position = { epoch: hello.epoch, seq: hello.seq };
    this.host.greeted(hello);
    if (hello.recovered) this.caughtUp();
  }

  private event(event: HubEvent): void {
    this.position = { epoch: this.position.epoch, seq: Math.max(event.seq, this.position.seq) };
    this.host.event(event, this.position);
  }

  /** `before` is in every page but the first. */
  private snapshot(page: TopicAck & { before?: string }): void {
    if (page.before === undefined) this.host.topicAcked(page);
    if (page.topic !== 'jobs') return;
    if (page.before === undefined) this.host.snapshotBegan();
    this.host.snapshotPage({ jobs: page.jobs ?? [] });
    if (page.next !== undefined) return;
    this.host.snapshotEnded();
    this.caughtUp();
  }

  private caughtUp(): void {
    const late = this.unasked();
    if (late === undefined) this.host.caughtUp(this.position);
    else this.subscribe(late);
  }

  private unasked(): string | undefined {
    return this.host.topics().find((topic) => !this.asked.has(topic));
  }

  /** Unless it was cut off from here. */
  private endReading(reading: HttpAccess): void {
    if (!reading.isAborted) this.end({ kind: 'lost' });
  }

  private armTimer(): void {
    this.host.environment.clearTimer(this.timer);
    this.timer = this.host.environment.setTimer(() => this.end({ kind: 'lost' }), silentMs);
  }

  private end(end: SessionEnd): void {
    if (this.isOver) return;
    this.close();
    this.host.ended(end);
  }
}
