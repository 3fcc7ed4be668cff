import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DrayClient } from '../src/client.js';
import { SseReader } from '../src/ssereader.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

const patience = { timeout: 20_000 };

let hub: FakeHub;
let environment: FakeEnvironment;
let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
let requests: { path: string; query: URLSearchParams; init: RequestInit }[];
/** What long polls answer, in order; the last one never does. */
let polls: unknown[];
let answerPoll: ((response: Response) => void) | undefined;
let streamStatus: number;
let streamType: string;

beforeEach(() => {
  hub = new FakeHub();
  environment = new FakeEnvironment(hub);
  environment.isSocketBlocked = true;
  requests = [];
  polls = [];
  streamStatus = 200;
  streamType = 'text/event-stream';
  environment.respond = respond;
});

function json(body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
}

async function respond(address: string, init: RequestInit): Promise<Response> {
  const { pathname: path, searchParams: query } = new URL(address);
  requests.push({ path, query, init });
  if (path === '/healthz') return new Response('ok');
  if (path === '/api/v1/rpc') return json({ jsonrpc: '2.0', id: null, result: { echo: JSON.parse(String(init.body)) } });
  if (path === '/api/v1/jobs') return json(hub.page(query.get('before') ?? undefined));
  if (query.has('wait')) return polls.length > 0 ? json(polls.shift()) : longPoll(init.signal);
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
  return new Response(body, { status: streamStatus, headers: { 'Content-Type': streamType } });
}

/** Answers when the test says so, or rejects when it is cut off. */
function longPoll(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    answerPoll = resolve;
    signal?.addEventListener('abort', () => reject(new DOMException('cut off', 'AbortError')));
  });
}

function emit(type: string, data: unknown): void {
  stream?.enqueue(new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`));
}

async function turn(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

/** A client whose sockets are all blocked, so that it has gone over to HTTP. */
async function blocked(): Promise<DrayClient> {
  const client = new DrayClient({ url: 'http://hub:1', environment, token: 'secret' });
  environment.settle();
  environment.advance(1000);
  environment.settle();
  await turn();
  return client;
}

async function streaming(): Promise<DrayClient> {
  const client = await blocked();
  emit('hello', { epoch: 'e1', seq: 4, recovered: false });
  emit('snapshot', { topic: 'jobs', epoch: 'e1', seq: 4, ...hub.page() });
  await turn();
  return client;
}

describe('server-sent events', () => {
  it('take over after two sockets that never opened', async () => {
    hub.add({ title: 'a' });
    const client = await streaming();
    expect(client.status.value).toBe('polling');
    expect(client.isConnected).toBe(true);
    expect([...client.jobs].map((job) => job.title)).toEqual(['a']);
    const request = requests.find(({ path }) => path === '/api/v1/events');
    expect(new Headers(request?.init.headers).get('authorization')).toBe('Bearer secret');
  });

  it('carry events and progress', async () => {
    hub.add({ state: 'running' });
    const client = await streaming();
    emit('event', { seq: 5, prev: 4, time: 0, topic: 'job:1', type: 'job.changed', id: '1', rev: 2, patch: { message: 'm' } });
    emit('progress', { time: 0, jobs: [['1', 3, 70]] });
    await turn();
    expect(client.jobs.get('1')).toMatchObject({ message: 'm', done: 70, rev: 3 });
  });

  it('carry a snapshot of several pages, with events between them', async () => {
    hub.pageSize = 1;
    hub.add();
    hub.add();
    const client = await blocked();
    emit('hello', { epoch: 'e1', seq: 2, recovered: false });
    emit('snapshot', { topic: 'jobs', epoch: 'e1', seq: 2, ...hub.page() });
    emit('event', { seq: 3, prev: 2, time: 0, topic: 'job:1', type: 'job.removed', id: '1' });
    await turn();
    expect(client.status.value).toBe('catchingUp');
    emit('snapshot', { topic: 'jobs', before: '2', ...hub.page('2') });
    await turn();
    expect(client.status.value).toBe('polling');
    expect([...client.jobs].map((job) => job.id)).toEqual(['2']);
  });

  it('resume where they were cut', async () => {
    hub.add();
    const client = await streaming();
    emit('event', { seq: 9, prev: 4, time: 0, topic: 'job:1', type: 'job.changed', id: '1', rev: 2, patch: {} });
    await turn();
    stream?.close();
    await turn();
    environment.advance(1000);
    environment.settle();
    await vi.waitFor(() => expect(requests.at(-1)?.query.get('since')).toBe('e1:9'), patience);
    await turn();
    emit('hello', { epoch: 'e1', seq: 9, recovered: true });
    await turn();
    expect(client.status.value).toBe('polling');
  });

  it('go with commands by POST', async () => {
    const client = await streaming();
    await expect(client.call('job.pause', { job: '1' })).resolves.toMatchObject({ echo: { method: 'job.pause' } });
  });

  it('reject a command that is answered by a problem document', async () => {
    const client = await streaming();
    environment.respond = () => Promise.resolve(new Response('{"type":"rateLimited","title":"Too many"}', { status: 429 }));
    await expect(client.call('job.list')).rejects.toMatchObject({ kind: 'refused', type: 'rateLimited', message: 'Too many' });
  });

  it('give way to a socket as soon as one opens', async () => {
    hub.add();
    const client = await streaming();
    environment.isSocketBlocked = false;
    for (let i = 0; i < 2; i += 1) {
      emit('progress', { time: 0, jobs: [] }); // a sign of life
      await turn();
      environment.advance(30_000);
    }
    environment.settle();
    expect(client.status.value).toBe('connected');
  });

  it('begin again at once for another topic, with its snapshot', async () => {
    hub.add();
    const client = await streaming();
    const statuses: string[] = [];
    client.status.subscribe((status) => statuses.push(status));
    const seen: string[] = [];
    client.subscribe('devices', (message) => seen.push(message.kind));
    client.subscribe('agents', (message) => seen.push(message.kind));
    await turn();
    expect(requests.filter(({ path }) => path === '/api/v1/events')).toHaveLength(2);
    expect(requests.at(-1)?.query.get('topics')).toBe('jobs,devices,agents');
    expect(requests.at(-1)?.query.get('since')).toBeNull();
    emit('hello', { epoch: 'e1', seq: 4, recovered: false });
    emit('snapshot', { topic: 'devices', epoch: 'e1', seq: 4, drives: [] });
    emit('snapshot', { topic: 'jobs', epoch: 'e1', seq: 4, ...hub.page() });
    emit('snapshot', { topic: 'agents', epoch: 'e1', seq: 4, agents: [] });
    await turn();
    expect(seen).toEqual(['snapshot', 'snapshot']);
    expect(statuses).toEqual(['polling', 'catchingUp', 'polling']);
    expect(environment.sockets).toHaveLength(2);
    expect(client.jobs.size).toBe(1);
  });

  it('are cut by disconnect for good', async () => {
    const client = await streaming();
    const before = requests.length;
    client.disconnect();
    await turn();
    environment.advance(600_000);
    environment.wake();
    await turn();
    expect(requests).toHaveLength(before);
    expect(client.status.value).toBe('offline');
  });

  it('are not tried while the hub cannot be reached at all', async () => {
    environment.respond = () => Promise.reject(new TypeError('refused'));
    const client = await blocked();
    expect(client.status.value).toBe('offline');
    expect(environment.requests).toEqual(['http://hub:1/healthz']);
  });

  it('are not waited for without end: a hub that does not say whether it is there is tried again', async () => {
    environment.respond = (_, init) => longPoll(init.signal);
    const client = await blocked();
    expect(client.reconnectPlan.value.nextAt).toBeUndefined();
    environment.advance(10_000);
    await turn();
    expect(client.reconnectPlan.value.nextAt).toBeGreaterThan(environment.time);
    environment.advance(30_000);
    expect(environment.sockets).toHaveLength(3);
  });

  it.each([
    ['connect', (client: DrayClient) => client.connect()],
    ['the network that is back', () => environment.wake()],
  ])('give way at once to a socket for %s while the hub is asked whether it is there', async (_, hurry) => {
    environment.respond = (_address, init) => longPoll(init.signal);
    const client = await blocked();
    environment.isSocketBlocked = false;
    hurry(client);
    expect(environment.sockets).toHaveLength(3);
    environment.settle();
    await turn();
    expect(client.status.value).toBe('connected');
    environment.advance(20_000);
    await turn();
    expect(environment.sockets).toHaveLength(3);
  });

  it('end for good with 401', async () => {
    streamStatus = 401;
    expect((await blocked()).status.value).toBe('unauthorized');
  });
});

describe('long polls', () => {
  beforeEach(() => {
    streamType = 'text/html';
  });

  it('take over where streams do not come through', async () => {
    hub.pageSize = 1;
    hub.add({ state: 'running' });
    hub.add();
    const event = { seq: 5, prev: 4, time: 0, topic: 'job:1', type: 'job.changed', id: '1', rev: 2, patch: { message: 'm' } };
    polls = [
      { epoch: 'e1', seq: 4, recovered: false, events: [], topics: [{ topic: 'jobs', epoch: 'e1', seq: 4, ...hub.page() }] },
      { epoch: 'e1', seq: 5, recovered: true, events: [event], progress: { time: 0, jobs: [['1', 3, 70]] } },
    ];
    const client = await blocked();
    await vi.waitFor(() => expect(client.jobs.get('1')).toMatchObject({ message: 'm', done: 70 }), patience);
    expect(client.status.value).toBe('polling');
    expect(client.jobs.size).toBe(2);
    expect(requests.at(-1)?.query.get('since')).toBe('e1:5');
    const waits = requests.filter(({ query }) => query.has('wait')).map(({ query }) => query.get('wait'));
    expect(waits).toEqual(['0', '25', '2']);
  });
});

describe('long polls that go on', () => {
  const quiet = (seq: number) => ({ epoch: 'e1', seq, recovered: true, events: [] });
  const first = () => ({
    epoch: 'e1', seq: 4, recovered: false, events: [], topics: [{ topic: 'jobs', epoch: 'e1', seq: 4, ...hub.page() }],
  });

  beforeEach(() => {
    streamType = 'text/html';
    polls = [first()];
  });

  it('ask anew at once for another topic, with its snapshot', async () => {
    const client = await blocked();
    await vi.waitFor(() => expect(requests.at(-1)?.query.get('since')).toBe('e1:4'), patience);
    const seen: string[] = [];
    polls = [{ ...first(), topics: [...first().topics, { topic: 'devices', epoch: 'e1', seq: 4, drives: [] }] }];
    client.subscribe('devices', (message) => seen.push(message.kind));
    await vi.waitFor(() => expect(seen).toEqual(['snapshot']), patience);
    const asked = requests.filter(({ query }) => query.get('topics') === 'jobs,devices');
    expect(asked[0]?.query.get('since')).toBeNull();
    expect(asked[0]?.query.get('wait')).toBe('0');
    await vi.waitFor(() => expect(client.status.value).toBe('polling'), patience);
  });

  it('give way to a socket as soon as one opens, however often they are answered', async () => {
    const client = await blocked();
    await vi.waitFor(() => expect(client.status.value).toBe('polling'), patience);
    environment.isSocketBlocked = false;
    for (let seq = 5; seq < 9; seq += 1) {
      answerPoll?.(json(quiet(seq)));
      await turn();
      environment.advance(20_000);
    }
    environment.settle();
    expect(client.status.value).toBe('connected');
  });
});

describe('an event stream', () => {
  it.each([
    ['data: a\n\n', [['message', 'a']]],
    ['event: x\r\ndata: a\r\ndata:b\r\n\r\n', [['x', 'a\nb']]],
    [': comment\n\nid: 7\n\n', []],
    ['data\n\n', [['message', '']]],
    ['event: x\n\ndata: a\n\n', [['message', 'a']]],
    ['unknown: y\ndata: a: b\n\n', [['message', 'a: b']]],
  ])('%j, cut anywhere, is read', (text, expected) => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const reader = new SseReader();
      const events = [...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut))];
      expect(events.map((event) => [event.type, event.data])).toEqual(expected);
    }
  });
});
