import { beforeEach, describe, expect, it } from 'vitest';
import { DrayClient } from '../src/client.js';
import type { ClientOptions, ClientStatus } from '../src/options.js';
import type { TopicMessage } from '../src/topics.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

let hub: FakeHub;
let environment: FakeEnvironment;

beforeEach(() => {
  hub = new FakeHub();
  environment = new FakeEnvironment(hub);
});

function make(options: ClientOptions = {}): DrayClient {
  return new DrayClient({ url: 'http://hub:1', environment, autoConnect: false, ...options });
}

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

/** Everything that could bring a connection back. */
async function waitLong(): Promise<void> {
  for (let i = 0; i < 5; i += 1) {
    environment.settle();
    await turns();
    environment.wake();
    environment.advance(120_000);
  }
}

/** Disconnects the first time that `status` is told. */
function leavesOn(status: ClientStatus): DrayClient {
  let hasLeft = false;
  const client = make({
    onStatusChange: (told) => {
      if (told !== status || hasLeft) return;
      hasLeft = true;
      client.disconnect();
    },
  });
  return client;
}

describe('disconnect in a callback is final', () => {
  it.each<ClientStatus>(['connecting', 'catchingUp', 'connected'])('on %s', async (status) => {
    const client = leavesOn(status);
    client.connect();
    environment.settle();
    const opened = environment.sockets.length;
    await waitLong();
    expect(client.status.value).toBe('offline');
    expect(client.isConnected).toBe(false);
    expect(environment.sockets).toHaveLength(opened);
    expect(environment.sockets.every((socket) => socket.isGone)).toBe(true);
  });

  it('when the line was lost', async () => {
    const client = make();
    client.connect();
    environment.settle();
    client.status.subscribe((status) => status === 'offline' && client.disconnect());
    hub.dropAll();
    await waitLong();
    expect(environment.sockets).toHaveLength(1);
    expect(client.reconnectPlan.value.nextAt).toBeUndefined();
  });

  it('when a try is planned, and when it begins', async () => {
    for (const isPlanned of [true, false]) {
      const client = make();
      client.connect();
      environment.settle();
      const opened = environment.sockets.length;
      let hasPlan = false;
      client.reconnectPlan.subscribe((plan) => {
        const isDue = isPlanned ? plan.nextAt !== undefined : hasPlan && plan.nextAt === undefined;
        hasPlan = plan.nextAt !== undefined;
        if (isDue) client.disconnect();
      });
      hub.dropAll();
      await waitLong();
      expect(environment.sockets).toHaveLength(opened);
      expect(client.status.value).toBe('offline');
    }
  });

  it('when an event was lost', async () => {
    hub.add();
    const client = make();
    client.connect();
    environment.settle();
    client.status.subscribe((status) => status === 'catchingUp' && client.disconnect());
    hub.change('1', { state: 'running' });
    environment.socket.loseNext();
    hub.change('1', { message: 'almost' });
    await waitLong();
    expect(environment.sockets).toHaveLength(1);
    expect(client.status.value).toBe('offline');
  });

  it('while it is asked whether the hub answers at all', async () => {
    environment.isSocketBlocked = true;
    let answer: (response: Response) => void = () => undefined;
    environment.respond = () => new Promise((resolve) => (answer = resolve));
    const client = make();
    client.connect();
    environment.settle();
    environment.advance(1000);
    environment.settle();
    expect(environment.requests).toEqual(['http://hub:1/healthz']);
    client.disconnect();
    answer(new Response('ok'));
    await waitLong();
    expect(environment.requests).toHaveLength(1);
    expect(environment.sockets).toHaveLength(2);
  });

  it('until connect is called', () => {
    hub.add();
    const client = make();
    client.connect();
    environment.settle();
    client.disconnect();
    client.connect();
    environment.settle();
    expect(client.status.value).toBe('connected');
    expect(client.jobs.size).toBe(1);
  });
});

describe('connect', () => {
  it('with another token makes the connection again', () => {
    hub.token = 'first';
    const client = make({ token: 'first' });
    client.connect();
    environment.settle();
    hub.token = 'second';
    client.connect('second');
    expect(client.isConnected).toBe(false);
    environment.settle();
    expect(environment.socket.sent[0]?.params?.['token']).toBe('second');
    expect(environment.sockets[0]?.isGone).toBe(true);
    expect(client.status.value).toBe('connected');
  });

  it('with the same token leaves it alone', () => {
    const client = make({ token: 'same' });
    client.connect();
    environment.settle();
    client.connect();
    client.connect('same');
    environment.settle();
    expect(environment.sockets).toHaveLength(1);
    expect(client.isConnected).toBe(true);
  });
});

describe('a handler', () => {
  it('gets the snapshot of a topic that others listen to already', () => {
    const client = make();
    client.connect();
    environment.settle();
    const first: TopicMessage[] = [];
    const second: TopicMessage[] = [];
    client.subscribe('devices', (message) => first.push(message));
    environment.settle();
    client.subscribe('devices', (message) => second.push(message));
    environment.settle();
    expect(second.map((message) => message.kind)).toEqual(['snapshot']);
    expect(first.map((message) => message.kind)).toEqual(['snapshot', 'snapshot']);
  });

  it('that comes while the jobs are caught up is not forgotten', () => {
    for (let i = 0; i < 4; i += 1) hub.add();
    hub.pageSize = 2;
    const client = make();
    client.connect();
    while (client.jobs.size < 2) environment.socket.step();
    const seen: TopicMessage[] = [];
    client.subscribe('devices', (message) => seen.push(message));
    environment.settle();
    expect(client.isConnected).toBe(true);
    expect(seen.map((message) => message.kind)).toEqual(['snapshot']);
  });

  it('that comes anew while offline gets a snapshot', () => {
    const client = make();
    client.connect();
    environment.settle();
    const stop = client.subscribe('devices', () => undefined);
    environment.settle();
    hub.dropAll();
    environment.settle();
    stop();
    const seen: TopicMessage[] = [];
    client.subscribe('devices', (message) => seen.push(message));
    environment.advance(1000);
    environment.settle();
    expect(seen.map((message) => message.kind)).toEqual(['snapshot']);
  });

  it('may listen to topics that this library knows nothing of', () => {
    const client = make();
    client.connect();
    environment.settle();
    const seen: string[] = [];
    const note = (topic: string) => (message: TopicMessage) => {
      if (message.kind === 'event') seen.push(`${topic} ${message.event.type}`);
    };
    for (const topic of ['workflows', 'workflow:w3', 'workflow:w4', 'agents', 'agent:ocr', 'coordinator']) {
      client.subscribe(topic, note(topic));
    }
    environment.settle();
    let seq = hub.seq;
    const push = (event: object) => {
      environment.socket.push({ method: 'event', params: { seq: seq + 1, prev: seq, time: 0, ...event } });
      seq += 1;
    };
    push({ topic: 'workflow:w3', type: 'workflow.changed', id: 'w3', rev: 2, patch: {} });
    push({ topic: 'agent:ocr', type: 'agent.changed', id: 'ocr', patch: {} });
    push({ topic: 'coordinator', type: 'coordinator.changed', patch: {} });
    environment.settle();
    expect(seen).toEqual([
      'workflows workflow.changed',
      'workflow:w3 workflow.changed',
      'agents agent.changed',
      'agent:ocr agent.changed',
      'coordinator coordinator.changed',
    ]);
  });
});
