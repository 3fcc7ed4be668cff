import { mergePatch } from '../src/mergepatch.js';
import { defaultColumns, isFinal, type Cursor, type Drive, type ErrorBody, type HubEvent, type Job, type Message, type Params } from '../src/protocol.js';
import { FakeAgents, FakeWorkflows } from './fakeworkflows.js';

/** The client's side of a connection to a FakeHub. */
export interface Peer {
  deliver(message: Message): void;
  closed(code: number, reason: string): void;
}

/** A hub that speaks enough of `dray.v1` to test clients: jobs, one event ring, snapshots by pages. */
export class FakeHub {
  readonly jobs = new Map<string, Job>();
  readonly ring: HubEvent[] = [];
  readonly connections = new Set<FakeConnection>();
  /** Calls that clients made, in order. */
  readonly calls: Message[] = [];
  epoch = 'e1';
  seq = 0;
  drives: Drive[] = [];
  scopes = ['read', 'control', 'add', 'report', 'settings'];
  settings: Record<string, string | number | boolean> = { 'download.categories': '' };
  /** What jobs were asked for, by id. */
  readonly specs = new Map<string, Params>();
  history: Params[] = [];
  tokens: Params[] = [];
  pairings: Params[] = [];
  /** What waits for a yes before drives are erased. */
  questions: Params[] = [];
  readonly workflows = new FakeWorkflows((event) => this.publish(event));
  readonly agents = new FakeAgents((event) => this.publish(event));
  /** What it does not take, and why. */
  refusal: (message: Message) => ErrorBody | undefined = () => undefined;
  pageSize = 1000;
  ringSize = 8192;
  token: string | undefined;
  now = () => 0;
  private nextId = 1;

  connect(peer: Peer): FakeConnection {
    const connection = new FakeConnection(this, peer);
    this.connections.add(connection);
    return connection;
  }

  add(fields: Partial<Job> = {}): Job {
    const id = String(this.nextId++);
    const job: Job = { id, kind: 'download', title: `file${id}.iso`, state: 'queued', done: 0, rev: 1, ...fields };
    this.jobs.set(id, job);
    this.publish({ topic: `job:${id}`, type: 'job.added', id, rev: job.rev, object: { ...job } });
    return job;
  }

  change(id: string, patch: Params): Job {
    const before = this.need(id);
    const job = { ...(mergePatch(before, patch) as Job), rev: before.rev + 1 };
    this.jobs.set(id, job);
    this.publish({ topic: `job:${id}`, type: 'job.changed', id, rev: job.rev, patch });
    return job;
  }

  remove(id: string): void {
    this.jobs.delete(id);
    this.publish({ topic: `job:${id}`, type: 'job.removed', id });
  }

  notice(text: string): void {
    this.publish({ topic: 'system', type: 'system.notice', id: 'n1', object: { level: 'warning', text } });
  }

  plug(drive: Drive): void {
    this.drives = [...this.drives, drive];
    this.publish({ topic: 'devices', type: 'device.added', id: drive.id, object: { ...drive } });
  }

  unplug(id: string): void {
    this.drives = this.drives.filter((drive) => drive.id !== id);
    this.publish({ topic: 'devices', type: 'device.removed', id });
  }

  /** Moves numbers only; told by `tick`. */
  move(id: string, numbers: Partial<Job>): void {
    const before = this.need(id);
    this.jobs.set(id, { ...before, ...numbers, rev: before.rev + 1 });
  }

  /** One progress frame for everyone. */
  tick(): void {
    const running = [...this.jobs.values()].filter((job) => job.state === 'running');
    const rows = running.map((job) => defaultColumns.map((name) => (job as unknown as Params)[name] ?? null));
    if (rows.length === 0) return;
    const message: Message = { jsonrpc: '2.0', method: 'progress', params: { time: this.now(), jobs: rows } };
    for (const connection of this.connections) connection.progress(message);
  }

  /** Forgets the stream, as a hub does that lost its journal. */
  restart(epoch: string): void {
    this.epoch = epoch;
    this.seq = 0;
    this.ring.length = 0;
    this.dropAll();
  }

  dropAll(code = 1006): void {
    for (const connection of [...this.connections]) connection.close(code);
  }

  /** Events after `cursor`, or undefined when they are not all here. */
  since(cursor: Cursor): HubEvent[] | undefined {
    const first = this.ring[0]?.seq ?? this.seq + 1;
    const isKnown = cursor.epoch === this.epoch && cursor.seq <= this.seq && cursor.seq >= first - 1;
    return isKnown ? this.ring.filter((event) => event.seq > cursor.seq) : undefined;
  }

  page(before?: string): { jobs: Job[]; next?: string } {
    const all = [...this.jobs.values()].sort((a, b) => Number(b.id) - Number(a.id));
    const rest = before === undefined ? all : all.filter((job) => Number(job.id) < Number(before));
    const jobs = rest.slice(0, this.pageSize);
    const last = jobs.at(-1);
    return rest.length > jobs.length && last ? { jobs, next: last.id } : { jobs };
  }

  /** What a command does here; tests and the page's fake server may replace it. */
  command(method: string, params: Params): unknown {
    const id = String(params['job']);
    if (method === 'job.add' && params['kind'] === 'flash') return this.flash(params, { state: 'running', stage: 'writing' });
    if (method === 'job.add') return { job: this.add({ state: 'running', source: String(params['url']) }) };
    if (method === 'job.list') return this.page(params['before'] as string | undefined);
    if (method === 'device.list') return { drives: this.drives };
    if (method === 'flash.prepare') return this.flash(params, { state: 'queued', stage: 'awaitingConfirmation' });
    const other = this.otherCommand(method, params);
    if (other) return other;
    if (!this.jobs.has(id)) throw { code: -32003, message: 'Not found', data: { type: 'notFound' } };
    if (method === 'job.remove') return this.remove(id), {};
    if (method === 'job.get') return { job: this.need(id), spec: this.specs.get(id) };
    if (method === 'job.events') return { events: this.ring.filter((event) => event.topic === `job:${id}`) };
    if (method === 'job.move') return { job: this.place(id, params['to']) };
    if (method === 'job.setLimit') return { job: this.change(id, { speedLimit: params['bytesPerSecond'] }) };
    if (method === 'job.refreshUrl') return { job: this.change(id, { source: params['url'], state: 'queued', error: null }) };
    const states: Params = { 'job.pause': 'paused', 'job.resume': 'queued', 'job.cancel': 'canceled', 'job.retry': 'queued' };
    if (!states[method]) throw { code: -32601, message: `Unknown method: ${method}` };
    if (isFinal(this.need(id).state) && method !== 'job.retry') {
      throw { code: -32004, message: 'Not possible in this state', data: { type: 'invalidState' } };
    }
    return { job: this.change(id, { state: states[method] }) };
  }

  /** What is not about one job. */
  private otherCommand(method: string, params: Params): Params | undefined {
    const key = String(params['key']);
    if (method === 'settings.get') return params['key'] === undefined ? { settings: this.settings } : { key, value: this.settings[key] };
    if (method === 'settings.set') return { key, value: (this.settings[key] = params['value'] as string) };
    if (method === 'history.list') return this.historyPage(params['before']);
    if (method === 'metrics.get') return { jobs: { running: this.jobs.size }, connections: { websocket: this.connections.size }, messages_sent_total: this.seq };
    if (method === 'token.list') return { tokens: this.tokens };
    if (method === 'pair.list') return { pairings: this.pairings };
    if (method === 'device.eject') return {};
    if (method === 'flash.list') return { questions: this.questions };
    if (method === 'flash.confirm') return { job: this.change(String(params['job']), { state: 'running', stage: 'writing' }) };
    return this.workflows.command(method, params) ?? this.agents.command(method, params);
  }

  private historyPage(before: unknown): Params {
    const begin = before === undefined ? 0 : this.history.findIndex(({ id }) => id === before) + 1;
    const history = this.history.slice(begin, begin + this.pageSize);
    return { history, ...(begin + history.length < this.history.length && { next: history.at(-1)?.['id'] }) };
  }

  private flash(params: Params, fields: Partial<Job>): unknown {
    const image = String(params['image']);
    const drives = (params['drives'] as string[]).map((id) => ({ id, state: fields.state ?? 'queued', done: 0 }));
    return { job: this.add({ kind: 'flash', title: image.slice(image.lastIndexOf('/') + 1), source: image, drives, ...fields }) };
  }

  /** What a topic is like when somebody begins to listen. */
  snapshot(topic: string): Params {
    if (topic === 'jobs') return this.page();
    if (topic === 'devices') return { drives: this.drives };
    if (topic === 'workflows') return this.workflows.page(this.pageSize);
    if (topic === 'agents') return { agents: this.agents.all };
    return topic === 'coordinator' ? { metrics: this.agents.counts } : {};
  }

  private publish(event: Omit<HubEvent, 'seq' | 'prev' | 'time'>): void {
    this.seq += 1;
    const full = { seq: this.seq, prev: 0, time: this.now(), ...event };
    this.ring.push(full);
    if (this.ring.length > this.ringSize) this.ring.shift();
    for (const connection of [...this.connections]) connection.event(full);
  }

  /** Places are tens, so that there is room between them. */
  private place(id: string, to: unknown): Job {
    const others = [...this.jobs.values()].filter((job) => job.state === 'queued' && job.id !== id).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    const at = others.filter((job) => (job.position ?? 0) < (this.need(id).position ?? 0)).length;
    const index = to === 'top' ? 0 : to === 'up' ? at - 1 : to === 'down' ? at + 1 : Number(to) - 1;
    const before = others[Math.min(others.length, Math.max(0, index)) - 1];
    const after = others[Math.min(others.length, Math.max(0, index))];
    const position = before ? ((before.position ?? 0) + (after?.position ?? (before.position ?? 0) + 20)) / 2 : (after?.position ?? 20) / 2;
    return this.change(id, { position });
  }

  private need(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw new Error(`no job ${id}`);
    return job;
  }
}

/** The hub's side of one connection. */
export class FakeConnection {
  private isGreeted = false;
  private isSubscribed = false;
  private lastSeq = 0;

  constructor(
    private readonly hub: FakeHub,
    private readonly peer: Peer,
  ) {}

  receive(message: Message): void {
    if (message.method === 'session.pong') return;
    this.hub.calls.push(message);
    try {
      this.answer(message, this.taken(message));
    } catch (error) {
      this.peer.deliver({ jsonrpc: '2.0', id: message.id ?? null, error: error as NonNullable<Message['error']> });
      if (!this.isGreeted) this.close(1008, 'Unauthorized');
    }
  }

  event(event: HubEvent): void {
    if (!this.isSubscribed) return;
    this.peer.deliver({ jsonrpc: '2.0', method: 'event', params: { ...event, prev: this.lastSeq } });
    this.lastSeq = event.seq;
  }

  progress(message: Message): void {
    if (this.isSubscribed) this.peer.deliver(message);
  }

  close(code: number, reason = ''): void {
    if (this.hub.connections.delete(this)) this.peer.closed(code, reason);
  }

  /** The client is gone. */
  gone(): void {
    this.hub.connections.delete(this);
  }

  private taken(message: Message): unknown {
    const refusal = this.hub.refusal(message);
    if (refusal) throw refusal;
    return this.result(message.method ?? '', message.params ?? {});
  }

  private result(method: string, params: Params): unknown {
    if (method === 'session.hello') return this.hello(params);
    if (!this.isGreeted) throw { code: -32001, message: 'Not logged in' };
    if (method === 'topic.subscribe') return this.subscribe(String(params['topic']));
    if (method === 'topic.list' || method === 'topic.unsubscribe') return {};
    return this.hub.command(method, params);
  }

  private hello(params: Params): unknown {
    if (this.hub.token !== undefined && params['token'] !== this.hub.token) throw { code: -32001, message: 'Not logged in' };
    this.isGreeted = true;
    const resume = params['resume'] as Cursor | undefined;
    const missed = resume && this.hub.since(resume);
    this.lastSeq = missed && resume ? resume.seq : this.hub.seq;
    const { epoch } = this.hub;
    const recovered = missed !== undefined;
    this.replay = missed ?? [];
    const names = ((params['topics'] ?? []) as { topic: string }[]).map(({ topic }) => topic);
    const topics = recovered ? {} : { topics: names.map((topic) => this.subscribe(topic)) };
    return { session: 's', epoch, seq: this.lastSeq, heartbeatMs: 20_000, columns: [...defaultColumns], scopes: this.hub.scopes, recovered, ...topics };
  }

  private replay: HubEvent[] = [];

  private subscribe(topic: string): unknown {
    if (topic === 'jobs') this.isSubscribed = true;
    return { topic, epoch: this.hub.epoch, seq: this.hub.seq, ...this.hub.snapshot(topic) };
  }

  private answer(message: Message, result: unknown): void {
    this.peer.deliver({ jsonrpc: '2.0', id: message.id ?? null, result });
    if (message.method !== 'session.hello' || !(result as { recovered: boolean }).recovered) return;
    this.isSubscribed = true;
    for (const event of this.replay) this.event(event);
    this.replay = [];
  }
}
