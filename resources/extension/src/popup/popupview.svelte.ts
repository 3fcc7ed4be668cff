import { DrayClient, type ClientStatus, type Job } from 'dray-client';
import { mediaOf } from '../media/mediatabs.js';
import type { MediaFind } from '../media/mediafind.js';
import { cookieSourceOf } from '../send/cookies.js';
import type { MediaRequest } from '../send/sending.js';
import { readSettings, readToken, watchSettings } from '../shared/settings.js';
import { problemShelf, type Problem } from '../worker/problems.js';
import { ShownJobs } from './shownjobs.js';

export type Verb = 'pause' | 'resume' | 'cancel' | 'retry';

/** Everything the popup shows. It has a connection of its own, so that it is live whatever the worker does. */
export class PopupView {
  status = $state<ClientStatus | 'unpaired'>('connecting');
  nextTryAt = $state<number | undefined>();
  jobs = $state.raw<Job[]>([]);
  media = $state.raw<MediaFind[]>([]);
  problem = $state.raw<Problem | null>(null);
  failure = $state('');
  waitingOrders = $state(0);
  handOvers = $state(0);

  readonly isLive = $derived(this.status === 'connected' || this.status === 'polling');

  private client: DrayClient | undefined;
  /** That wait for their answer. */
  private readonly orders = new Set<string>();
  private hubUrl = '';
  private token: string | undefined;
  private tab: chrome.tabs.Tab | undefined;

  async start(): Promise<void> {
    watchSettings(() => void this.connect());
    chrome.storage.onChanged.addListener(() => void this.readShelves());
    this.tab = await shownTab();
    await Promise.all([this.connect(), this.readShelves()]);
    void chrome.runtime.sendMessage({ wake: true }).catch(() => undefined);
  }

  retryNow(): void {
    this.client?.connect();
    void chrome.runtime.sendMessage({ wake: true }).catch(() => undefined);
  }

  async command(verb: Verb, job: Job): Promise<void> {
    const order = `${verb} ${job.id}`;
    if (this.orders.has(order)) return; // pressed twice on a slow link
    this.orders.add(order);
    this.failure = '';
    await this.client?.call(`job.${verb}`, { job: job.id }).catch((error: unknown) => this.failed(error));
    this.orders.delete(order);
  }

  /** Opens the finished file through a link that is good once. */
  async open(job: Job): Promise<void> {
    this.failure = '';
    const path = `/api/v1/jobs/${job.id}/file`;
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${this.token}` };
    try {
      const response = await fetch(`${this.hubUrl}/api/v1/tickets`, { method: 'POST', headers, body: JSON.stringify({ path }) });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const { ticket } = (await response.json()) as { ticket: string };
      await chrome.tabs.create({ url: `${this.hubUrl}${path}?ticket=${encodeURIComponent(ticket)}` });
    } catch (error) {
      this.failed(error);
    }
  }

  async send(media: MediaFind): Promise<void> {
    const { url: page = '', title = '' } = this.tab ?? {};
    const cookies = cookieSourceOf(this.tab);
    await chrome.runtime.sendMessage({ media, page, title, cookies } satisfies MediaRequest);
  }

  /** Of the orders that wait for Dray. */
  async discard(): Promise<void> {
    await chrome.runtime.sendMessage({ discard: true });
  }

  async dismiss(): Promise<void> {
    await problemShelf.change(() => null);
  }

  async openHub(): Promise<void> {
    await chrome.tabs.create({ url: `${this.hubUrl}/` });
  }

  private failed(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error);
  }

  private async connect(): Promise<void> {
    const [{ hubUrl }, token] = await Promise.all([readSettings(), readToken()]);
    if (this.client && hubUrl === this.hubUrl && token === this.token) return;
    this.client?.disconnect();
    Object.assign(this, { hubUrl, token });
    this.client = token === undefined ? undefined : this.follow(hubUrl, token);
    if (!this.client) this.status = 'unpaired';
  }

  private follow(url: string, token: string): DrayClient {
    const client = new DrayClient({ url, token, name: 'Dray popup', kind: 'extension' });
    new ShownJobs(client.jobs, (jobs) => (this.jobs = jobs));
    client.status.subscribe((status) => (this.status = status));
    client.reconnectPlan.subscribe((plan) => (this.nextTryAt = plan.nextAt));
    return client;
  }

  private async readShelves(): Promise<void> {
    const { outbox = [], journal = [] } = await chrome.storage.local.get<{ outbox: unknown[]; journal: unknown[] }>(['outbox', 'journal']);
    this.waitingOrders = outbox.length;
    this.handOvers = journal.length;
    this.problem = await problemShelf.read();
    if (this.tab?.id !== undefined) this.media = await mediaOf(this.tab.id);
  }
}


/** The tab the popup belongs to; where it is a tab itself, as on phones, the one that was looked at before. */
async function shownTab(): Promise<chrome.tabs.Tab | undefined> {
  const own = await chrome.tabs.getCurrent();
  const tabs = await chrome.tabs.query({ currentWindow: true, ...(!own && { active: true }) });
  const others = tabs.filter(({ id }) => id !== own?.id);
  return others.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0];
}
