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
  private timer: TimerId;
  private position: Cursor = { epoch: '', seq: -1 };
  private isOver = false;

  constructor(private readonly host: SessionHost) {
    this.access = new HttpAccess(host);
  }

  start(): void {
    this.run().catch(() => this.end({ kind: 'lost' }));
  }

  send(message: Message): void {
    this.access.send(message).catch(() => this.end({ kind: 'lost' }));
  }

  /** A stream's commands go by POST, one at a time. */
  sendAll(messages: readonly Message[]): void {
    for (const message of messages) this.send(message);
  }

  /** The topics of a stream are those of its request: begins another. */
  subscribe(): void {
    this.end({ kind: 'lost' });
  }

  /** What still comes is heard by nobody. */
  unsubscribe(): void {}

  close(): void {
    this.isOver = true;
    this.host.environment.clearTimer(this.timer);
    this.access.abort();
  }

  private async run(): Promise<void> {
    this.armTimer();
    const query = eventsQuery(this.host.cursor(), this.host.topics());
    const response = await this.access.get(`/api/v1/events?${query}`, 'text/event-stream');
    if (response.status === 401) return this.end({ kind: 'unauthorized' });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (!response.ok || !isStream || !response.body) return this.end({ kind: 'lost' });
    this.host.opened();
    await this.read(response.body);
    this.end({ kind: 'lost' });
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const events = new SseReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.isOver) return;
      this.armTimer();
      for (const event of events.push(decoder.decode(value, { stream: true }))) this.take(event);
    }
  }

  private take(event: StreamEvent): void {
    if (this.isOver) return;
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
    if (hello.recovered) this.host.caughtUp(this.position);
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
    this.host.caughtUp(this.position);
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
