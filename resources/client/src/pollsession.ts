import { HttpAccess, eventsQuery } from './httpaccess.js';
import type { Cursor, HubEvent, Message, Progress, TopicAck } from './protocol.js';
import type { Session, SessionEnd, SessionHost } from './session.js';

const waitSeconds = 25;
/** While something runs: numbers come with an answer, but are no reason for one. */
const busyWaitSeconds = 2;

interface PollAnswer extends Cursor {
  recovered: boolean;
  events: HubEvent[];
  progress?: Progress;
  /** The state of the topics, when the place was lost or none was named. */
  topics?: TopicAck[];
}

/** Long polling: each request waits until something happens; while jobs run, two seconds at most. */
export class PollSession implements Session {
  readonly kind = 'http';
  private readonly access: HttpAccess;
  private position: Cursor | undefined;
  private wait = 0;
  private isOver = false;

  constructor(private readonly host: SessionHost) {
    this.access = new HttpAccess(host);
    this.position = host.cursor();
  }

  start(): void {
    this.run().catch(() => this.end({ kind: 'lost' }));
  }

  send(message: Message): void {
    this.access.send(message).catch(() => this.end({ kind: 'lost' }));
  }

  sendAll(messages: readonly Message[]): void {
    for (const message of messages) this.send(message);
  }

  /** The next request names it. */
  subscribe(): void {}

  unsubscribe(): void {}

  close(): void {
    this.isOver = true;
    this.access.abort();
  }

  private async run(): Promise<void> {
    while (!this.isOver) await this.poll();
  }

  private async poll(): Promise<void> {
    const query = eventsQuery(this.position, this.host.topics());
    const response = await this.access.get(`/api/v1/events?${query}&wait=${this.wait}`);
    if (response.status === 401) return this.end({ kind: 'unauthorized' });
    if (!response.ok) return this.end({ kind: 'lost' });
    const answer = (await response.json()) as PollAnswer;
    if (this.isOver) return;
    this.host.heard({ method: 'poll', params: { ...answer } });
    if (!answer.recovered) await this.begin(answer.topics ?? []);
    if (!this.isOver) this.take(answer);
  }

  private async begin(acks: TopicAck[]): Promise<void> {
    this.host.opened();
    for (const ack of acks) {
      this.host.topicAcked(ack);
      if (ack.topic !== 'jobs') continue;
      this.host.snapshotBegan();
      this.host.snapshotPage({ jobs: ack.jobs ?? [] });
      await this.access.pages(ack.next);
    }
  }

  private take(answer: PollAnswer): void {
    const { epoch, seq } = answer;
    this.position = { epoch, seq };
    this.wait = answer.progress ? busyWaitSeconds : waitSeconds;
    for (const event of answer.events) this.host.event(event, { epoch, seq: event.seq });
    if (answer.progress) this.host.progress(answer.progress);
    this.host.caughtUp(this.position);
  }

  private end(end: SessionEnd): void {
    if (this.isOver) return;
    this.close();
    this.host.ended(end);
  }
}
