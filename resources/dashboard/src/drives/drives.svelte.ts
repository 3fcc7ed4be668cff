import { mergePatch, type DrayClient, type Drive, type HubEvent, type Job, type Params, type TopicMessage } from 'dray-client';
import { linkOf } from '../add/links.js';
import { driveName } from '../text/drivetext.js';

/** What one flash is asked for. */
export interface FlashWish {
  image: string;
  drives: string[];
  sha256: string;
}

export type DriveWork =
  | { kind: 'read'; drive: string; to: string }
  | { kind: 'compare'; drive: string; image: string }
  | { kind: 'format'; drive: string; fileSystem: string; label?: string; erase: string[] };

/** What would be erased, and until when somebody may say yes to it. */
export interface FlashQuestion {
  job: Job;
  expiresAt: number;
}

/** What a flash that waits erases of one drive. */
export interface Erasure {
  drive: string;
  serial: string;
  /** Which drive it is, as the hub calls it. */
  words: string;
  /** What is on it, and its risks, in words. */
  contents: string;
  risks: string[];
}

/** A flash that waits for a yes: `flash.list`. */
export interface HeldQuestion {
  job: string;
  image: string;
  asker: string;
  erases: Erasure[];
  cautions: string[];
  expiresAt: number;
}

/** The drives of the hub's computer, live while somebody watches. */
export class Drives {
  /** By path, system drives too; undefined before the hub told. */
  all = $state.raw<Drive[] | undefined>();
  /** Ids of the drives that the reader chose; one that goes, or gets another medium, is not among them any more. */
  ticked = $state<string[]>([]);

  readonly chosen = $derived((this.all ?? []).filter((drive) => drive.selectable && this.ticked.includes(drive.id)));

  constructor(private readonly client: DrayClient) {}

  /** Whether this session may erase drives without asking the person at the computer. */
  get mayErase(): boolean {
    const scopes = this.client.hello?.scopes ?? [];
    return scopes.includes('flash') || scopes.includes('admin');
  }

  /** Call the result to stop. */
  watch(): () => void {
    return this.client.subscribe('devices', (message) => this.take(message));
  }

  nameOf(id: string): string {
    const drive = this.all?.find((known) => known.id === id);
    return drive ? `${driveName(drive)} (${drive.path})` : id;
  }

  /** Erases and writes at once: every drive was agreed to here. */
  async write(wish: FlashWish): Promise<void> {
    await this.client.call('job.add', { kind: 'flash', ...specOf(wish), erase: wish.drives });
  }

  /** Asks the person at the computer. */
  prepare(wish: FlashWish): Promise<FlashQuestion> {
    return this.client.call<FlashQuestion>('flash.prepare', specOf(wish));
  }

  /** What that job would erase; undefined when it does not wait any more. */
  async held(job: string): Promise<HeldQuestion | undefined> {
    const { questions } = await this.client.call<{ questions: HeldQuestion[] }>('flash.list');
    return questions.find((question) => question.job === job);
  }

  /** Yes to erasing each of these drives for that job. */
  async agree(job: string, erase: string[]): Promise<void> {
    await this.client.call('flash.confirm', { job, erase });
  }

  /** Reads a drive into an image, compares it with one, or makes it empty and usable: spec as in PROTOCOL.md §1. */
  async work(spec: DriveWork): Promise<void> {
    await this.client.call('job.add', { ...spec });
  }

  async eject(drive: string): Promise<void> {
    await this.client.call('device.eject', { drive });
  }

  private take(message: TopicMessage): void {
    if (message.kind === 'event') return this.apply(message.event);
    if (message.kind === 'progress') return;
    this.ticked = []; // nobody knows what was swapped meanwhile
    if (message.kind === 'snapshot' && Array.isArray(message.ack['drives'])) this.all = message.ack['drives'] as Drive[];
    else void this.list();
  }

  /** For a hub whose topic does not tell. */
  private async list(): Promise<void> {
    const answer = await this.client.call<{ drives: Drive[] }>('device.list').catch(() => undefined);
    this.all = answer?.drives ?? this.all;
  }

  private apply(event: HubEvent): void {
    if (event.type !== 'device.changed') this.ticked = this.ticked.filter((id) => id !== event.id);
    const rest = (this.all ?? []).filter((drive) => drive.id !== event.id);
    const known = this.all?.find((drive) => drive.id === event.id);
    const drive = event.object ?? (known && event.patch ? mergePatch(known as unknown as Params, event.patch) : undefined);
    this.all = drive ? [...rest, drive as unknown as Drive].sort((a, b) => a.path.localeCompare(b.path)) : rest;
    this.ticked = this.chosen.map(({ id }) => id);
  }
}

function specOf({ image, drives, sha256 }: FlashWish): Params {
  const source = image.trim();
  return { ...(linkOf(source) ? { url: source } : { image: source }), drives, ...(sha256.trim() ? { sha256: sha256.trim() } : {}) };
}
