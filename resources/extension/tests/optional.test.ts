import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Companion } from '../src/worker/companion.js';
import { putFakeChrome } from './fakechrome.js';

type Listener = (...args: never[]) => unknown;

/** What an interface tells; it counts who listens. */
class FakeEvent {
  readonly listeners: Listener[] = [];

  addListener(listener: Listener): void {
    this.listeners.push(listener);
  }

  removeListener(listener: Listener): void {
    const place = this.listeners.indexOf(listener);
    if (place >= 0) this.listeners.splice(place, 1);
  }

  tell(fact: unknown): void {
    for (const listener of this.listeners) listener(fact as never);
  }
}

const { session } = putFakeChrome();
const { OptionalListeners } = await import('../src/worker/optional.js');

const names = ['downloads', 'webRequest', 'notifications'] as const;
let events: Record<'onCreated' | 'onSendHeaders' | 'onHeadersReceived' | 'onClicked' | 'onRemoved', FakeEvent>;
let interfaces: Record<(typeof names)[number], object>;
const downloadBegun = vi.fn();
const requestSent = vi.fn();
let listeners: InstanceType<typeof OptionalListeners>;

const counts = () => Object.fromEntries(Object.entries(events).map(([name, event]) => [name, event.listeners.length]));
const none = { onCreated: 0, onSendHeaders: 0, onHeadersReceived: 0, onClicked: 0, onRemoved: 0 };
const one = { onCreated: 1, onSendHeaders: 1, onHeadersReceived: 1, onClicked: 1, onRemoved: 1 };

function give(...given: readonly (typeof names)[number][]): void {
  for (const name of given) Object.assign(chrome, { [name]: interfaces[name] });
}

/** The browser takes the interface away, and tells it. */
function take(...taken: readonly (typeof names)[number][]): void {
  for (const name of taken) Object.assign(chrome, { [name]: undefined });
  listeners.forget(taken);
}

beforeEach(() => {
  events = { onCreated: new FakeEvent(), onSendHeaders: new FakeEvent(), onHeadersReceived: new FakeEvent(), onClicked: new FakeEvent(), onRemoved: new FakeEvent() };
  const { onCreated, onSendHeaders, onHeadersReceived, onClicked, onRemoved } = events;
  interfaces = { downloads: { onCreated }, webRequest: { onSendHeaders, onHeadersReceived }, notifications: { onClicked } };
  Object.assign(chrome, { tabs: { onRemoved }, downloads: undefined, webRequest: undefined, notifications: undefined });
  downloadBegun.mockReset();
  requestSent.mockReset();
  const companion = { ready: Promise.resolve(), settings: { findsMedia: true }, downloadBegun, catching: { requestSent } };
  listeners = new OptionalListeners(companion as unknown as Companion);
});

describe('listeners of what is asked for with a feature', () => {
  test('are added when it is given, each once', () => {
    listeners.add();
    expect(counts()).toEqual(none);
    give('downloads');
    listeners.add();
    expect(counts()).toEqual({ ...none, onCreated: 1 });
    give(...names);
    for (let time = 0; time < 3; time += 1) listeners.add();
    expect(counts()).toEqual(one);
  });

  test('are removed when it is taken, and those of the others stay', () => {
    give(...names);
    listeners.add();
    take('downloads', 'notifications');
    expect(counts()).toEqual({ ...one, onCreated: 0, onClicked: 0 });
    take('webRequest');
    expect(counts()).toEqual(none);
  });

  test('are there once when it is given again, and what happens is told once', () => {
    for (let time = 0; time < 3; time += 1) {
      give(...names);
      listeners.add();
      if (time < 2) take(...names);
    }
    expect(counts()).toEqual(one);
    events.onCreated.tell({ id: 7 });
    events.onSendHeaders.tell({ requestId: '1', url: 'https://a.test/', method: 'GET', timeStamp: 0 });
    expect(downloadBegun.mock.calls).toEqual([[{ id: 7 }]]);
    expect(requestSent.mock.calls).toEqual([[{ requestId: '1', url: 'https://a.test/', method: 'GET', timeStamp: 0, headers: [] }]]);
  });

  test('that the browser has dropped with the interface are added again all the same', () => {
    give(...names);
    listeners.add();
    for (const event of Object.values(events)) event.removeListener = () => expect.fail('The interface is gone.');
    take(...names);
    for (const event of Object.values(events)) event.listeners.length = 0;
    give(...names);
    listeners.add();
    expect(counts()).toEqual(one);
  });

  test('find the film of a page, and forget it with its tab', async () => {
    give(...names);
    listeners.add();
    const responseHeaders = [{ name: 'Content-Type', value: 'application/vnd.apple.mpegurl' }];
    events.onHeadersReceived.tell({ tabId: 3, type: 'xmlhttprequest', url: 'https://a.test/talk.m3u8', statusCode: 200, responseHeaders });
    await vi.waitFor(() => expect(session.items['media']).toMatchObject({ 3: [{ url: 'https://a.test/talk.m3u8', kind: 'hls' }] }), { timeout: 20_000 });
    events.onRemoved.tell(3);
    await vi.waitFor(() => expect(session.items['media']).toEqual({}), { timeout: 20_000 });
  });
});
