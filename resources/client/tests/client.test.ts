import { beforeEach, describe, expect, it } from 'vitest';
import { DrayClient } from '../src/client.js';
import type { ClientOptions, ClientStatus } from '../src/options.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

let hub: FakeHub;
let environment: FakeEnvironment;

beforeEach(() => {
  hub = new FakeHub();
  environment = new FakeEnvironment(hub);
});

function start(options: ClientOptions = {}): DrayClient {
  const client = new DrayClient({ url: 'http://hub:1', environment, ...options });
  environment.settle();
  return client;
}

function titles(client: DrayClient): string[] {
  return [...client.jobs].map((job) => job.title).sort();
}

describe('a connection', () => {
  it('asks for as many frames of progress as its owner wants', () => {
    start({ progressRate: 0.2 }).subscribe('job:1', () => undefined);
    const { sent } = environment.socket;
    expect(sent[0]?.params?.['topics']).toEqual([{ topic: 'jobs', rateHz: 0.2 }]);
    expect(sent.at(-1)).toMatchObject({ method: 'topic.subscribe', params: { topic: 'job:1', rateHz: 0.2 } });
  });

  it('goes from connecting over catching up to connected', () => {
    const seen: ClientStatus[] = [];
    const client = start({ onStatusChange: (status) => seen.push(status) });
    expect(seen).toEqual(['offline', 'connecting', 'catchingUp', 'connected']);
    expect(client.isConnected).toBe(true);
    expect(client.lastMessageTime).toBe(environment.time);
  });

  it('brings the token in session.hello, never in the address', () => {
    hub.token = 'secret';
    const client = start({ token: 'secret' });
    expect(client.status.value).toBe('connected');
    expect(environment.socket.sent[0]?.params?.['token']).toBe('secret');
  });

  it('stops for good when the token is wrong, and starts again with another', () => {
    hub.token = 'secret';
    const client = start({ token: 'wrong' });
    expect(client.status.value).toBe('unauthorized');
    environment.advance(600_000);
    expect(environment.sockets).toHaveLength(1);
    client.connect('secret');
    environment.settle();
    expect(client.status.value).toBe('connected');
  });

  it.each([[1008, 'unauthorized'], [4505, 'unauthorized'], [4504, 'offline']])('stops on close %i', (code, status) => {
    const client = start();
    hub.dropAll(code);
    environment.settle();
    environment.advance(600_000);
    expect(client.status.value).toBe(status);
    expect(environment.sockets).toHaveLength(1);
  });

  it.each([1001, 1006, 4000, 4002, 4008, 4029])('comes back after close %i', (code) => {
    const client = start();
    hub.dropAll(code);
    environment.settle();
    expect(client.status.value).toBe('offline');
    environment.advance(1000);
    environment.settle();
    expect(client.status.value).toBe('connected');
  });

  it('does not come back after session.bye without reconnect', () => {
    const client = start();
    environment.socket.push({ method: 'session.bye', params: { code: 1001, reconnect: false } });
    environment.settle();
    hub.dropAll(1001);
    environment.settle();
    environment.advance(600_000);
    expect(environment.sockets).toHaveLength(1);
    expect(client.status.value).toBe('offline');
  });

  it('waits as long as session.bye asks', () => {
    start();
    environment.socket.push({ method: 'session.bye', params: { code: 4029, retryAfterMs: 7000 } });
    environment.settle();
    hub.dropAll(4029);
    environment.settle();
    environment.advance(6999);
    expect(environment.sockets).toHaveLength(1);
    environment.advance(1);
    expect(environment.sockets).toHaveLength(2);
  });

  it('answers session.ping', () => {
    start();
    environment.socket.push({ method: 'session.ping', params: { time: 42 } });
    environment.settle();
    expect(environment.socket.sent.at(-1)).toEqual({ jsonrpc: '2.0', method: 'session.pong', params: { time: 42 } });
  });

  it('takes silence of more than two heartbeats for a dead line', () => {
    const client = start();
    environment.advance(45_000);
    expect(environment.sockets[0]?.closeCode).toBe(4002);
    expect(client.status.value).toBe('offline');
  });

  it('backs off 1, 2, 4, 8, 16 s and then every 30 s', () => {
    environment.isSocketBlocked = true;
    const client = start();
    const waits: number[] = [];
    client.reconnectPlan.subscribe((plan) => plan.nextAt && waits.push(plan.nextAt - environment.time));
    return drain().then(async () => {
      for (let i = 0; i < 7; i += 1) {
        environment.advance(waits.at(-1) ?? 0);
        environment.settle();
        await drain();
      }
      expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
      expect(client.reconnectAttempts).toBe(8);
    });
  });

  it('tries at once when the network is back', () => {
    start();
    hub.dropAll();
    environment.settle();
    environment.wake();
    expect(environment.sockets).toHaveLength(2);
  });

  it('gives up after maxReconnectAttempts', () => {
    environment.isSocketBlocked = true;
    const client = start({ maxReconnectAttempts: 1 });
    environment.advance(1000);
    environment.settle();
    return drain().then(() => {
      environment.advance(600_000);
      expect(environment.sockets).toHaveLength(2);
      expect(client.status.value).toBe('offline');
      expect(client.reconnectAttempts).toBe(1);
    });
  });

  it('stays away after disconnect', () => {
    const client = start();
    client.disconnect();
    environment.advance(600_000);
    environment.wake();
    expect(environment.sockets).toHaveLength(1);
    expect(client.status.value).toBe('offline');
  });
});

describe('the jobs', () => {
  it('come by snapshot in pages and then by events and progress', () => {
    for (let i = 0; i < 7; i += 1) hub.add();
    hub.pageSize = 3;
    const client = start();
    expect(client.jobs.size).toBe(7);
    hub.change('1', { state: 'running', total: 100 });
    hub.move('1', { done: 40 });
    hub.tick();
    hub.remove('2');
    environment.settle();
    expect(client.jobs.get('1')).toMatchObject({ state: 'running', done: 40, total: 100 });
    expect(client.jobs.size).toBe(6);
  });

  it('stay while offline and are caught up without a snapshot', () => {
    hub.add();
    const client = start();
    hub.dropAll();
    environment.settle();
    hub.change('1', { state: 'paused' });
    hub.add();
    expect(titles(client)).toEqual(['file1.iso']);
    const before = hub.calls.length;
    environment.advance(1000);
    environment.settle();
    expect(client.jobs.get('1')?.state).toBe('paused');
    expect(titles(client)).toEqual(['file1.iso', 'file2.iso']);
    expect(hub.calls.slice(before).map((call) => call.method)).toEqual(['session.hello', 'topic.list']);
  });

  it('are taken anew when the hub lost its journal', () => {
    hub.add();
    hub.add();
    const client = start();
    hub.jobs.delete('1');
    hub.restart('e2');
    environment.settle();
    environment.advance(1000);
    environment.settle();
    expect(titles(client)).toEqual(['file2.iso']);
  });

  it('are taken anew when the line broke between two pages', () => {
    for (let i = 0; i < 4; i += 1) hub.add();
    hub.pageSize = 2;
    const client = new DrayClient({ url: 'http://hub:1', environment });
    while (client.jobs.size < 2) environment.socket.step();
    environment.socket.drop();
    environment.advance(1000);
    environment.settle();
    expect(client.jobs.size).toBe(4);
  });

  it('notice a lost event by prev and resume at once', () => {
    hub.add();
    const client = start();
    hub.change('1', { state: 'running' });
    environment.socket.loseNext();
    hub.change('1', { message: 'almost' });
    environment.settle();
    expect(environment.sockets[0]?.closeCode).toBe(4000);
    expect(client.status.value).toBe('connected');
    expect(client.jobs.get('1')).toMatchObject({ state: 'running', message: 'almost' });
  });

  it('can be cleared from the view only', () => {
    hub.add();
    hub.add();
    const client = start();
    client.clearJob('1');
    hub.change('1', { state: 'paused' });
    environment.settle();
    expect(titles(client)).toEqual(['file2.iso']);
    client.clearAllJobs();
    expect(client.jobs.size).toBe(0);
    expect(hub.jobs.size).toBe(2);
  });
});

describe('a call', () => {
  it('resolves with the result and rejects with what the hub said', async () => {
    hub.add({ state: 'running' });
    const client = start();
    const paused = client.call('job.pause', { job: '1' });
    const unknown = client.call('job.pause', { job: '9' });
    environment.settle();
    await expect(paused).resolves.toMatchObject({ job: { state: 'paused' } });
    await expect(unknown).rejects.toMatchObject({ kind: 'refused', code: -32003, type: 'notFound' });
  });

  it('waits for the connection when it may be done twice', async () => {
    hub.add({ state: 'running' });
    const client = start();
    hub.dropAll();
    environment.settle();
    const paused = client.call('job.pause', { job: '1' });
    environment.advance(1000);
    environment.settle();
    await expect(paused).resolves.toBeDefined();
  });

  it('is refused offline when it is unsafe to repeat', async () => {
    const client = start({ autoConnect: false });
    await expect(client.call('job.add', { url: 'x' })).rejects.toMatchObject({ kind: 'offline' });
    void client.call('job.add', { url: 'x', idem: 'k' }).catch(() => undefined);
    client.connect();
    environment.settle();
    expect(hub.jobs.size).toBe(1);
  });

  it('fails when its answer was lost and it is unsafe to repeat', async () => {
    const client = start();
    const added = client.call('job.add', { url: 'x' });
    environment.socket.drop();
    await expect(added).rejects.toMatchObject({ kind: 'offline' });
  });

  it('that makes another attempt is not sent again', async () => {
    hub.add({ state: 'failed' });
    const client = start();
    const retried = client.call('job.retry', { job: '1' });
    environment.socket.drop();
    await expect(retried).rejects.toMatchObject({ kind: 'offline' });
    environment.advance(1000);
    environment.settle();
    expect(hub.calls.filter(({ method }) => method === 'job.retry')).toEqual([]);
  });

  it('fails at once when the hub would close the connection over it', async () => {
    const client = start();
    const added = client.call('job.add', { url: `http://host/${'ü'.repeat(40_000)}`, idem: 'k' });
    await expect(added).rejects.toMatchObject({ kind: 'refused' });
    expect(client.isConnected).toBe(true);
  });

  it('does not wait without bounds', async () => {
    const client = start({ autoConnect: false, queueLimit: 1, callTimeout: 500 });
    const first = client.call('job.list');
    await expect(client.call('job.list')).rejects.toMatchObject({ kind: 'offline' });
    environment.advance(500);
    await expect(first).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('notifications', () => {
  it('tell each ending once, not those of the snapshot', () => {
    hub.add({ state: 'succeeded' });
    hub.add({ state: 'running' });
    start({ enableNotifications: true, notificationText: (job) => `is ${job.state}` });
    hub.change('2', { state: 'failed' });
    hub.change('2', { message: 'again' });
    environment.settle();
    expect(environment.notifications).toEqual(['file2.iso: is failed']);
  });
});

async function drain(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
