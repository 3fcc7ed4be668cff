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
  private asking: HttpAccess;
  private asked: Set<string>;
  private position: Cursor | undefined;
  private wait = 0;
  private isOver = false;

  constructor(private readonly host: SessionHost) {
    this.access = new HttpAccess(host);
    this.asking = this.access;
    this.asked = new Set(host.knownTopics());
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

  /** The next request names it and brings snapshots. */
  subscribe(topic: string): void {
    this.asked.delete(topic);
    this.asking.abort();
  }

  unsubscribe(): boolean {
    return false;
  }

  close(): void {
    this.isOver = true;
    this.access.abort();
    this.asking.abort();
  }

  private async run(): Promise<void> {
    while (!this.isOver) await this.poll();
  }

  private async poll(): Promise<void> {
    const answer = await this.ask();
    if (!answer || this.isOver) return;
    this.host.heard({ method: 'poll', params: { ...answer } });
    if (!answer.recovered) await this.begin(answer.topics ?? []);
    if (!this.isOver) this.take(answer);
  }

  /** Undefined when it was cut off from here, or the session has ended. */
  private async ask(): Promise<PollAnswer | undefined> {
    const topics = this.host.topics();
    if (topics.some((topic) => !this.asked.has(topic))) {
      this.position = undefined;
      this.wait = 0;
    }
    this.asked = new Set(topics);
    const asking = new HttpAccess(this.host);
    this.asking = asking;
    const query = eventsQuery(this.position, topics);
    try {
      const response = await asking.get(`/api/v1/events?${query}&wait=${this.wait}`);
      if (response.ok) return (await response.json()) as PollAnswer;
      this.end({ kind: response.status === 401 ? 'unauthorized' : 'lost' });
    } catch (error) {
      if (!asking.isAborted) throw error;
    }
    return undefined;
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
