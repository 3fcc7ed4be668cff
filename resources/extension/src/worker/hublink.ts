import { DrayClient, DrayError, errorCodes, isFinal, type ClientStatus, type Job } from 'dray-client';
import type { HubDoor } from '../catch/catcher.js';
import type { AddEnd } from '../send/outbox.js';
import { recall, type HistoryPage, type Recall } from '../shared/recall.js';
import { SeenStates } from '../shared/seenstates.js';
import type { Address, Order } from '../shared/spec.js';
import { isFinalNo } from './finalno.js';

export interface HubLinkEvents {
  statusChanged(status: ClientStatus): void;
  /** A job came, went or is in another state. */
  jobsChanged(): void;
  /** This one has not ended. */
  jobSeen(id: string): void;
}

/** How long a caught download may stand still in the browser while Dray is asked. */
const patienceMs = 3_000;
const answerMs = 5_000;
const mostTries = 5;
const retryMs = 500;
/** Nobody sees the numbers of jobs here: as seldom as a hub sends them. */
const progressRate = 0.2;

/** The worker's connection to the hub it is paired with. */
export class HubLink implements HubDoor {
  private client: DrayClient | undefined;
  private opened = '';
  private hubUrl = '';

  constructor(private readonly events: HubLinkEvents) {}

  get status(): ClientStatus {
    return this.client?.status.value ?? 'offline';
  }

  /** Commands are answered, and `jobs` is the whole truth. */
  get isOpen(): boolean {
    return this.client?.isConnected ?? false;
  }

  get jobs(): Iterable<Job> {
    return this.client?.jobs ?? [];
  }

  /** Connects, or tries again at once; without a token it leaves. */
  open(url: string, token: string | undefined): void {
    const wanted = token === undefined ? '' : `${url} ${token}`;
    if (wanted === this.opened && this.status === 'unauthorized') return;
    if (wanted === this.opened) return this.client?.connect();
    this.client?.disconnect();
    this.opened = wanted;
    this.hubUrl = url;
    this.client = token === undefined ? undefined : this.connect(url, token);
    if (!this.client) this.events.statusChanged('offline');
  }

  async isLive(): Promise<boolean> {
    const client = this.client;
    if (!client || client.isConnected || client.status.value === 'unauthorized') return client?.isConnected ?? false;
    client.connect();
    await untilConnected(client);
    return client.isConnected;
  }

  async add({ hubUrl, ...spec }: Order): Promise<AddEnd> {
    const client = this.connectedTo(hubUrl);
    if (!client) return { kind: 'unknown' };
    try {
      const { job } = await client.call<{ job: Job }>('job.add', spec);
      return { kind: 'accepted', job: job.id, state: job.state };
    } catch (error) {
      return isFinalNo(error) ? { kind: 'refused', message: error.message } : { kind: 'unknown' };
    }
  }

  async recall({ hubUrl, url }: Address, since: number): Promise<Recall> {
    const client = this.connectedTo(hubUrl);
    if (!client) return { kind: 'unknown' };
    const listHistory = (before: string | undefined) => client.call<HistoryPage>('history.list', before === undefined ? {} : { before });
    return recall(client.jobs, listHistory, { url, since }).catch(() => ({ kind: 'unknown' }));
  }

  remove(job: string, hubUrl: string): Promise<boolean> {
    const client = this.connectedTo(hubUrl);
    if (!client) return Promise.resolve(false);
    const isGone = (error: unknown) => error instanceof DrayError && error.code === errorCodes.notFound;
    return cancelAndRemove(client, job).then(() => true, isGone);
  }

  /** Undefined while it does not answer, and when the link is one to another hub. */
  private connectedTo(hubUrl: string): DrayClient | undefined {
    return hubUrl === this.hubUrl && this.client?.isConnected ? this.client : undefined;
  }

  private connect(url: string, token: string): DrayClient {
    const client = new DrayClient({ url, token, name: 'Dray extension', kind: 'extension', callTimeout: answerMs, progressRate, autoConnect: false });
    const states = new SeenStates(client.jobs);
    client.status.subscribe((status) => this.events.statusChanged(status));
    client.jobs.subscribe((change) => {
      for (const id of [...change.added, ...change.changed]) if (!isFinal(client.jobs.get(id)?.state ?? 'failed')) this.events.jobSeen(id);
      if (states.take(change)) this.events.jobsChanged();
    });
    client.connect();
    return client;
  }
}

/** Or until it failed, or took too long. */
async function untilConnected(client: DrayClient): Promise<void> {
  const failuresBefore = client.reconnectAttempts;
  const stops: (() => void)[] = [];
  await new Promise<void>((resolve) => {
    setTimeout(resolve, patienceMs);
    stops.push(client.status.subscribe(() => client.isConnected && resolve()));
    stops.push(client.reconnectPlan.subscribe(({ attempts }) => attempts > failuresBefore && resolve()));
  });
  stops.forEach((stop) => stop());
}

/** A running job takes a moment to end, and only then can it be removed. */
async function cancelAndRemove(client: DrayClient, job: string): Promise<void> {
  await client.call('job.cancel', { job }).catch(() => undefined);
  for (let tries = 1; ; tries += 1) {
    try {
      await client.call('job.remove', { job, files: true });
      return;
    } catch (error) {
      if (tries === mostTries || !isTooEarly(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

function isTooEarly(error: unknown): boolean {
  return error instanceof DrayError && error.code === errorCodes.invalidState;
}
