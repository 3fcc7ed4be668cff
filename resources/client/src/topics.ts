import type { DrayError } from './drayerror.js';
import { eventId, type HubEvent, type Progress, type TopicAck } from './protocol.js';

/** What a topic's handler is told. A snapshot comes first and again whenever the place in the stream was lost. */
export type TopicMessage =
  | { kind: 'snapshot'; ack: TopicAck }
  | { kind: 'event'; event: HubEvent }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'failed'; error: DrayError };

export type TopicHandler = (message: TopicMessage) => void;

const families: Record<string, string> = { jobs: 'job', devices: 'device', workflows: 'workflow', agents: 'agent' };

/** Who listens to which topic. The client itself always listens to `jobs`. */
export class Topics {
  private readonly handlers = new Map<string, Set<TopicHandler>>([['jobs', new Set()]]);

  names(): string[] {
    return [...this.handlers.keys()];
  }

  has(topic: string): boolean {
    return this.handlers.has(topic);
  }

  add(topic: string, handler: TopicHandler): void {
    const known = this.handlers.get(topic);
    if (known) known.add(handler);
    else this.handlers.set(topic, new Set([handler]));
  }

  /** True when it was the last of its topic. */
  remove(topic: string, handler: TopicHandler): boolean {
    const known = this.handlers.get(topic);
    known?.delete(handler);
    return topic !== 'jobs' && known?.size === 0 && this.handlers.delete(topic);
  }

  /** The hub has no such topic: its handlers hear so once and then nothing. */
  fail(topic: string, error: DrayError): void {
    this.tell(topic, { kind: 'failed', error });
    this.handlers.delete(topic);
  }

  tell(topic: string, message: TopicMessage): void {
    for (const run of [...(this.handlers.get(topic) ?? [])]) run(message);
  }

  tellEvent(event: HubEvent): void {
    for (const topic of this.names()) {
      if (matches(topic, event)) this.tell(topic, { kind: 'event', event });
    }
  }

  tellProgress(progress: Progress): void {
    for (const topic of this.names()) {
      if (topic === 'jobs' || progress.jobs.some((row) => topic === `job:${String(row[0])}`)) this.tell(topic, { kind: 'progress', progress });
    }
  }
}

function matches(topic: string, event: HubEvent): boolean {
  const family = event.type.slice(0, event.type.indexOf('.'));
  return topic === event.topic || families[topic] === family || topic === `${family}:${eventId(event)}`;
}
