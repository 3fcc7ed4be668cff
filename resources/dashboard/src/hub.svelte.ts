import type { ClientStatus, DrayClient, Job, Params } from 'dray-client';
import { Adding } from './add/adding.svelte.js';
import { categoryNames, specOf, specOfOneOfMany, type AddOptions } from './add/addition.js';
import type { WebFile } from './add/links.js';
import { Agents } from './agents/agents.svelte.js';
import { Drives } from './drives/drives.svelte.js';
import { IdemKeys } from './idemkeys.js';
import { JobHistory } from './jobs/jobhistory.js';
import { JobList } from './jobs/joblist.svelte.js';
import { Selection } from './jobs/selection.svelte.js';
import { can, type BulkVerb, type Verb } from './jobs/verbs.js';
import { ticketLink, tokenStore } from './signin/login.js';
import { announcement, failureText, titleOf, wholeFailureText } from './text/jobtext.js';
import { text } from './text/words.js';
import { Workflows } from './workflows/workflows.svelte.js';

/** What a page may when nobody said. */
const usualScopes = ['read', 'control', 'add', 'report', 'settings'];

/** Everything the page shows, fed by the client alone, and the commands it gives. */
export class Hub {
  status = $state<ClientStatus>('offline');
  /** When what is shown was last true; undefined while it is. Milliseconds since 1970. */
  staleSince = $state<number | undefined>();
  nextTryAt = $state<number | undefined>();
  hasList = $state(false);
  /** The hub did not accept the token. */
  wasRefused = $state(false);
  /** Newest change of state, for screen readers. */
  announced = $state('');
  /** Categories a download may be put in; see loadCategories(). */
  categories = $state.raw<string[]>([]);
  /** What the reader is about to do to a job and has to confirm. */
  asked = $state.raw<{ job: string; verb: 'cancel' | 'remove' } | undefined>();
  /** The last command that failed, until dismissed. */
  failure = $state('');
  /** What the hub wants everybody to know, until dismissed. */
  notice = $state('');

  readonly isLive = $derived(this.status === 'connected' || this.status === 'polling');

  readonly jobs: JobList;
  /** That wait for their answer. */
  private readonly underWay = new Set<string>();
  readonly selection = new Selection();
  readonly adding = new Adding();
  private readonly orders = new IdemKeys();
  readonly history: JobHistory;
  readonly drives: Drives;
  readonly workflows: Workflows;
  readonly agents: Agents;

  constructor(private readonly client: DrayClient) {
    this.drives = new Drives(client);
    this.workflows = new Workflows(client);
    this.agents = new Agents(client);
    this.jobs = new JobList(client, (job) => this.isLive && (this.announced = announcement(job)));
    this.history = new JobHistory(client, () => this.jobs.running.map((row) => row.peek));
    client.status.subscribe((status) => this.statusChanged(status));
    client.subscribe('system', (message) => {
      if (message.kind === 'event') this.notice = String(message.event.object?.['text'] ?? '');
    });
    client.reconnectPlan.subscribe((plan) => (this.nextTryAt = plan.nextAt));
  }

  /** What the hub said of itself. */
  get server(): { name: string; version: string } | undefined {
    void this.status;
    return this.client.hello?.server;
  }

  may(scope: string): boolean {
    void this.status;
    const scopes = this.client.hello?.scopes ?? usualScopes;
    return scopes.includes(scope) || scopes.includes('admin');
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

  /** Any question or order; rejects with DrayError. */
  call<T = unknown>(method: string, params: Params = {}): Promise<T> {
    return this.client.call<T>(method, params);
  }

  /** A question that no button was pressed for: it waits while the hub takes no more messages. Rejects with DrayError. */
  ask<T = unknown>(method: string, params: Params = {}): Promise<T> {
    return this.client.ask<T>(method, params);
  }

  /** Resolves when the hub has it on disk; rejects with DrayError. */
  add(url: string, options: AddOptions): Promise<unknown> {
    const order = specOf(url, options);
    const answer = this.client.call('job.add', this.orders.keyed(order));
    answer.then(() => this.orders.ended(order), (error: unknown) => this.orders.ended(order, error));
    return answer;
  }

  /** Adds each file with what the options say for all; answers the addresses of those that could not be added. */
  async addAll(files: readonly WebFile[], options: AddOptions): Promise<string[]> {
    this.failure = '';
    const orders = files.map((file) => specOfOneOfMany(file, options));
    const ends = await this.client.callAll('job.add', orders.map((order) => this.orders.keyed(order)));
    ends.forEach((end, index) => this.orders.ended(orders[index] ?? {}, end.status === 'rejected' ? end.reason : undefined));
    const failed = ends.flatMap((end, index) => (end.status === 'rejected' ? [{ url: files[index]?.urls[0] ?? '', reason: end.reason as unknown }] : []));
    if (failed[0]) this.failure = text.bulkFailed(failed.length, files.length, wholeFailureText(failed[0].reason));
    return failed.map(({ url }) => url);
  }

  /** They are not offered when they cannot be fetched; a download goes where the rules say then. */
  async loadCategories(): Promise<void> {
    const setting = await this.client.call('settings.get', { key: 'download.categories' }).catch(() => undefined);
    this.categories = categoryNames((setting as Params | undefined)?.['value']);
  }

  /** Parts and drives of a job come while somebody watches it. Call the result to stop. */
  watch(job: string): () => void {
    return this.client.subscribe(`job:${job}`, () => undefined);
  }

  async command(verb: Verb, job: Job, more: Params = {}): Promise<void> {
    const order = `${verb} ${job.id} ${JSON.stringify(more)}`;
    if (this.underWay.has(order)) return; // pressed twice on a slow link
    this.underWay.add(order);
    this.failure = '';
    await this.client.call(`job.${verb}`, { job: job.id, ...more }).catch((error: unknown) => this.failed(job, error));
    this.underWay.delete(order);
  }

  /** To those of them that it can be done to. */
  async commandAll(verb: BulkVerb, jobs: readonly Job[], more: Params = {}): Promise<void> {
    this.failure = '';
    const able = jobs.filter((job) => can(verb, job));
    const ends = await this.client.callAll(`job.${verb}`, able.map(({ id }) => ({ job: id, ...more })));
    const failed = ends.filter((end) => end.status === 'rejected');
    if (failed[0]) this.failure = text.bulkFailed(failed.length, able.length, failureText(failed[0].reason));
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
}
