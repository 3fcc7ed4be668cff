import { eventId, type DrayClient, type HubEvent, type Job, type Params, type TopicMessage } from 'dray-client';

/** Something that happened to a job. `changes` are the members that say what; `seq` is the hub's number of it. */
export interface LogEntry {
  time: number;
  seq: number;
  changes: Params;
}

const mostEntries = 100;
const mostJobs = 500;
const sampleMs = 1000;
const mostSamples = 120;
const telling = ['state', 'stage', 'error', 'attempt', 'speedLimit', 'source', 'message'];

/** Undefined where an event tells nothing that a reader of the log looks for. */
export function entryOf({ time, seq, ...event }: HubEvent): LogEntry | undefined {
  const source = event.type === 'job.added' ? { state: event.object?.['state'] } : (event.patch ?? {});
  const changes = Object.fromEntries(Object.entries(source).filter(([name, value]) => telling.includes(name) && value !== null && value !== ''));
  return Object.keys(changes).length > 0 ? { time, seq, changes } : undefined;
}

/** What happened to jobs, and how fast they were in the last two minutes: as far as this page saw it. */
export class JobHistory {
  private readonly logs = new Map<string, LogEntry[]>();
  private readonly samples = new Map<string, number[]>();

  constructor(private readonly client: DrayClient, private readonly running: () => readonly Job[]) {
    client.subscribe('jobs', (message) => this.take(message));
    setInterval(() => this.sample(), sampleMs);
  }

  log(id: string): readonly LogEntry[] {
    return this.logs.get(id) ?? [];
  }

  /** Bytes per second, one for each second, the newest last. */
  speeds(id: string): readonly number[] {
    return this.samples.get(id) ?? [];
  }

  private take(message: TopicMessage): void {
    if (message.kind === 'event') this.note(message.event);
  }

  private note(event: HubEvent): void {
    const id = eventId(event);
    if (event.type === 'job.removed') return void this.logs.delete(id);
    const entry = entryOf(event);
    if (!entry) return;
    const entries = [...(this.logs.get(id) ?? []), entry].slice(-mostEntries);
    this.logs.delete(id); // the longest untouched is first, and goes first
    this.logs.set(id, entries);
    if (this.logs.size > mostJobs) this.logs.delete(this.logs.keys().next().value ?? '');
  }

  private sample(): void {
    if (this.client.isConnected) for (const job of this.running()) this.push(job.id, job.bytesPerSecond ?? 0);
    for (const id of this.samples.keys()) if (!this.client.jobs.get(id)) this.samples.delete(id);
  }

  private push(id: string, bytesPerSecond: number): void {
    const known = this.samples.get(id) ?? [];
    known.push(bytesPerSecond);
    if (known.length > mostSamples) known.shift();
    this.samples.set(id, known);
  }
}
