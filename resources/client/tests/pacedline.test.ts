import { beforeEach, describe, expect, it } from 'vitest';
import { DrayClient } from '../src/client.js';
import { DrayError } from '../src/drayerror.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

/** What a hub takes (PROTOCOL.md §0.5). */
const atOnce = 30;
const perMinute = 100;

let hub: FakeHub;
let environment: FakeEnvironment;
let client: DrayClient;

beforeEach(() => {
  hub = new FakeHub();
  environment = new FakeEnvironment(hub);
  client = new DrayClient({ url: 'http://hub:1', environment });
  environment.settle();
});

const pauses = (count: number) => Array.from({ length: count }, () => ({ job: hub.add().id }));

describe('many calls', () => {
  it('go out no faster than a hub takes them, and all are answered', async () => {
    const list = pauses(10_000);
    environment.settle();
    const began = environment.time;
    let ended = false;
    const ends = client.callAll('job.pause', list);
    void ends.then(() => (ended = true));
    while (!ended) {
      environment.settle();
      const seconds = (environment.time - began) / 1000;
      expect(environment.socket.messages).toBeLessThanOrEqual(atOnce + (perMinute * seconds) / 60);
      await Promise.resolve();
      environment.advance(250);
      expect(environment.time - began).toBeLessThan(120_000);
    }
    expect((await ends).every((end) => end.status === 'fulfilled')).toBe(true);
    expect(environment.sockets).toHaveLength(1);
  });

  it('do not keep a single one waiting', () => {
    void client.callAll('job.pause', pauses(10_000));
    environment.settle();
    const before = environment.socket.messages;
    void client.call('job.get', { job: '1' });
    expect(environment.socket.messages).toBe(before + 1);
  });

  it('go on when the clock of the machine is set back', () => {
    void client.callAll('job.pause', pauses(5000));
    environment.settle();
    const now = environment.now;
    environment.now = () => now() - 3_600_000;
    environment.advance(1000);
    const before = environment.socket.messages;
    environment.advance(5000);
    expect(environment.socket.messages).toBeGreaterThan(before);
  });

  it('that were not sent when the connection went are told apart from those that may have been done', async () => {
    const ends = client.callAll('job.move', pauses(5000).map((params) => ({ ...params, to: 'top' })));
    environment.socket.drop();
    const reasons = (await ends).map((end) => (end.status === 'rejected' ? (end.reason as DrayError).message : ''));
    expect(new Set(reasons)).toEqual(new Set(['the connection was lost before job.move was answered', 'job.move was not sent']));
  });

  it('of a key that is held stay within what a hub takes too', async () => {
    const ends = [];
    const before = environment.socket.messages;
    for (let pressed = 1; pressed <= 900; pressed += 1) {
      ends.push(client.call('job.move', { job: hub.jobs.keys().next().value ?? hub.add({ state: 'queued' }).id, to: 'top' }));
      environment.advance(33);
      environment.settle();
      expect(environment.socket.messages - before).toBeLessThanOrEqual(atOnce + (perMinute * pressed * 0.033) / 60);
    }
    environment.advance(2000);
    environment.settle();
    expect((await Promise.allSettled(ends)).every((end) => end.status === 'fulfilled')).toBe(true);
  });

  it('that are reports do not wait: a hub does not count them', () => {
    const before = environment.socket.messages;
    for (let told = 1; told <= 100; told += 1) void client.call('job.report', { job: 'mine', done: told }).catch(() => undefined);
    expect(environment.socket.messages - before).toBe(100);
  });

  it('do not keep what the page asks by itself waiting until they are all through', () => {
    void client.callAll('job.pause', pauses(10_000));
    environment.settle();
    void client.ask('job.get', { job: '1' });
    environment.advance(1000);
    environment.settle();
    expect(hub.calls.filter(({ method }) => method === 'job.get')).toHaveLength(1);
    expect(hub.calls.filter(({ method }) => method === 'job.pause').length).toBeLessThan(2000);
  });

  it('are all answered when a topic is subscribed meanwhile', async () => {
    const list = pauses(3000);
    environment.settle();
    const ends = client.callAll('job.pause', list);
    client.subscribe('devices', () => undefined);
    for (let seconds = 0; seconds < 30; seconds += 1) {
      environment.settle();
      await Promise.resolve();
      environment.advance(1000);
    }
    expect((await ends).every((end) => end.status === 'fulfilled')).toBe(true);
  });

  it('that waited for a connection go out together', () => {
    hub.dropAll(1006);
    environment.settle();
    for (const params of pauses(80)) void client.call('job.pause', params);
    environment.advance(10_000);
    environment.settle();
    expect(client.isConnected).toBe(true);
    expect(hub.calls.filter(({ method }) => method === 'job.pause')).toHaveLength(80);
    expect(environment.socket.messages).toBeLessThan(10);
  });
});
