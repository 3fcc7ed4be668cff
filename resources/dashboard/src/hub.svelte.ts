import { isFinal, type ClientStatus, type DrayClient, type Job, type JobsChange, type Params } from 'dray-client';
import { categoryNames, specOf, type AddOptions } from './addition.js';
import { ticketLink, tokenStore } from './login.js';
import { Drives } from './drives.svelte.js';
import { announcement, failureText, titleOf, type Filter } from './text.js';

/** One job of the list. Parts that watch `state` or `title` do not wake up for numbers. */
export class Row {
  job: Job = $state.raw() as Job;
  isOpen = $state(false);
  readonly state = $derived(this.job.state);
  readonly title = $derived(titleOf(this.job));

  constructor(job: Job) {
    this.job = job;
  }
}

type Verb = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove' | 'move' | 'setLimit' | 'refreshUrl';

/** Everything the page shows, fed by the client alone, and the commands it gives. */
export class Hub {
  rows = $state.raw<Row[]>([]);
  status = $state<ClientStatus>('offline');
  /** When what is shown was last true; undefined while it is. Milliseconds since 1970. */
  staleSince = $state<number | undefined>();
  nextTryAt = $state<number | undefined>();
  hasList = $state(false);
  /** The hub did not accept the token. */
  wasRefused = $state(false);
  filter = $state<Filter>('all');
  search = $state('');
  /** Newest change of state, for screen readers. */
  announced = $state('');
  /** Categories a download may be put in; see loadCategories(). */
  categories = $state.raw<string[]>([]);
  /** The last command that failed, until dismissed. */
  failure = $state('');

  readonly isLive = $derived(this.status === 'connected' || this.status === 'polling');
  readonly running = $derived(this.rows.filter((row) => row.state === 'running'));
  readonly shown = $derived(this.rows.filter((row) => this.shows(row)));
  readonly totalSpeed = $derived(this.running.reduce((sum, row) => sum + (row.job.bytesPerSecond ?? 0), 0));

  readonly drives: Drives;

  private readonly byId = new Map<string, Row>();

  constructor(private readonly client: DrayClient) {
    this.drives = new Drives(client);
    client.jobs.subscribe((change) => this.take(change));
    client.status.subscribe((status) => this.statusChanged(status));
    client.reconnectPlan.subscribe((plan) => (this.nextTryAt = plan.nextAt));
  }

  count(filter: Filter): number {
    return this.rows.filter((row) => belongs(row.state, filter)).length;
  }

  signIn(token: string): void {
    tokenStore.write(token);
    this.wasRefused = false;
    this.client.connect(token);
  }

  signOut(): void {
    tokenStore.clear();
    this.client.disconnect();
    this.status = 'unauthorized';
  }

  retryNow(): void {
    this.client.connect();
  }

  /** Resolves when the hub has it on disk; rejects with DrayError. */
  add(url: string, options: AddOptions): Promise<unknown> {
    return this.client.call('job.add', { ...specOf(url, options), idem: randomKey() });
  }

  /** They are not offered when they cannot be fetched; a download goes where the rules say then. */
  async loadCategories(): Promise<void> {
    const setting = await this.client.call('settings.get', { key: 'download.categories' }).catch(() => undefined);
    this.categories = categoryNames((setting as Params | undefined)?.['value']);
  }

  /** Numbers of each drive of a job come while somebody watches it. Call the result to stop. */
  watch(job: string): () => void {
    return this.client.subscribe(`job:${job}`, () => undefined);
  }

  async command(verb: Verb, job: Job, more: Params = {}): Promise<void> {
    this.failure = '';
    await this.client.call(`job.${verb}`, { job: job.id, ...more }).catch((error: unknown) => this.failed(job, error));
  }

  /** A link to the finished file, good for half a minute. */
  async fileLink(job: Job): Promise<string | undefined> {
    this.failure = '';
    const token = tokenStore.read() ?? '';
    return ticketLink(`/api/v1/jobs/${job.id}/file`, token).catch((error: unknown) => this.failed(job, error));
  }

  private failed(job: Job, error: unknown): undefined {
    this.failure = `${titleOf(job)}: ${failureText(error)}`;
  }

  private statusChanged(status: ClientStatus): void {
    this.status = status;
    if (this.isLive) this.hasList = true;
    if (this.isLive) this.staleSince = undefined;
    else if (this.hasList) this.staleSince ??= this.client.lastMessageTime;
    if (status !== 'unauthorized') return;
    this.wasRefused = true;
    tokenStore.clear();
  }

  private take(change: JobsChange): void {
    for (const id of change.changed) this.update(id);
    for (const id of change.removed) this.byId.delete(id);
    for (const id of change.added) this.insert(id);
    if (change.added.length + change.removed.length > 0) this.sort();
  }

  private insert(id: string): void {
    const job = this.client.jobs.get(id);
    if (job) this.byId.set(id, new Row(job));
  }

  private update(id: string): void {
    const row = this.byId.get(id);
    const job = this.client.jobs.get(id);
    if (!row || !job) return;
    const hasNewState = row.job.state !== job.state;
    row.job = job;
    if (hasNewState && this.isLive) this.announced = announcement(job);
  }

  /** Newest first. Ids are numbers that grow. */
  private sort(): void {
    this.rows = [...this.byId.values()].sort((a, b) => Number(b.job.id) - Number(a.job.id));
  }

  private shows(row: Row): boolean {
    const words = this.search.trim().toLowerCase();
    return belongs(row.state, this.filter) && (words === '' || row.title.toLowerCase().includes(words));
  }
}

function belongs(state: Job['state'], filter: Filter): boolean {
  if (filter === 'active') return !isFinal(state);
  if (filter === 'finished') return state === 'succeeded';
  if (filter === 'failed') return state === 'failed' || state === 'canceled';
  return true;
}

/** 128 random bits; crypto.randomUUID exists in secure contexts only. */
function randomKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}
