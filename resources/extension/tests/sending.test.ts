import { beforeEach, describe, expect, test } from 'vitest';
import { factsOf, RequestLog, type SentRequest } from '../src/catch/requestlog.js';
import { cookieHeader } from '../src/send/cookies.js';
import { mostLinks, webLinks } from '../src/send/links.js';
import { wishOf } from '../src/send/menus.js';
import { Outbox, type AddEnd, type OrderTaker, type Waiting } from '../src/send/outbox.js';
import { fileNameIn, hubAddress, refererFor } from '../src/shared/address.js';
import type { Recall } from '../src/shared/recall.js';
import { Shelf } from '../src/shared/shelf.js';
import { orderOf, type Order } from '../src/shared/spec.js';
import { FakeStorage } from './storage.js';

const page = 'https://example.org/list?page=2#top';

describe('links', () => {
  test('are those that can be fetched, each once, in their order', () => {
    const found = ['https://a.test/1', 'mailto:x@y', 'http://a.test/2#part', 'https://a.test/1', 'javascript:void 0', 'nonsense'];
    expect(webLinks(found)).toEqual(['https://a.test/1', 'http://a.test/2']);
  });

  test('are bounded in number', () => {
    expect(webLinks(Array.from({ length: 500 }, (_, index) => `https://a.test/${index}`))).toHaveLength(mostLinks);
  });
});

test.each([
  ['https://example.org/file', 'https://example.org/list?page=2'],
  ['https://other.test/file', 'https://example.org/'],
  ['http://example.org/file', undefined],
])('the referer of %s is what the browser would say', (target, referer) => {
  expect(refererFor(page, target)).toBe(referer);
});

test.each([
  ['127.0.0.1:8765', 'http://127.0.0.1:8765'],
  [' http://localhost:9000/ ', 'http://localhost:9000'],
  ['https://nas.example:8765', 'https://nas.example:8765'],
  ['http://nas.example:8765', undefined],
  ['https://nas.example/path', undefined],
  ['https://me:secret@nas.example', undefined],
  ['ftp://127.0.0.1', undefined],
  ['', undefined],
])('the address %j of a hub is %j', (text, address) => {
  expect(hubAddress(text)).toBe(address);
});

test.each([
  ['https://a.test/films/talk.m3u8?x=1', 'talk.m3u8'],
  ['https://a.test/caf%C3%A9.m3u8', 'café.m3u8'],
  ['https://a.test/caf%E9.m3u8', 'caf%E9.m3u8'],
  ['https://a.test/', ''],
  ['nonsense', ''],
])('the file of %s is called %j', (address, name) => {
  expect(fileNameIn(address)).toBe(name);
});

describe('a click in a menu', () => {
  const at = { pageUrl: page, linkUrl: 'https://example.org/a.iso', srcUrl: 'https://example.org/a.png' };

  test('on a link asks for what is behind it', () => {
    expect(wishOf({ ...at, menuItemId: 'link' })).toEqual({ url: at.linkUrl, spec: {}, referer: 'https://example.org/list?page=2' });
  });

  test('on an image asks for the file', () => {
    expect(wishOf({ ...at, menuItemId: 'image' })).toMatchObject({ url: at.srcUrl, spec: { kind: 'download' } });
  });

  test('on a film made by a script asks for that of the page', () => {
    const wish = wishOf({ ...at, srcUrl: 'blob:https://example.org/1', menuItemId: 'film' });
    expect(wish).toEqual({ url: page, spec: { kind: 'media' }, referer: undefined });
  });

  test('on a film with an address asks for what is behind it', () => {
    const wish = wishOf({ ...at, srcUrl: 'https://films.test/talk.mp4', menuItemId: 'film' });
    expect(wish).toEqual({ url: 'https://films.test/talk.mp4', spec: {}, referer: 'https://example.org/' });
  });

  test('on a page asks for what is on it, wherever in it the click was', () => {
    const wish = wishOf({ ...at, frameUrl: 'https://frame.test/inner', menuItemId: 'page' });
    expect(wish).toEqual({ url: page, spec: {}, referer: undefined });
  });

  test('in a frame names the frame as the place where it was found', () => {
    expect(wishOf({ ...at, frameUrl: 'https://frame.test/inner', menuItemId: 'image' })?.referer).toBe('https://frame.test/');
  });

  test.each([
    ['link', { linkUrl: 'mailto:x@y' }],
    ['image', { srcUrl: 'data:image/png;base64,AA' }],
    ['film', { srcUrl: 'blob:https://example.org/1', pageUrl: 'file:///tmp/film.html' }],
    ['page', { pageUrl: 'about:blank' }],
    ['selection', {}],
    ['another', {}],
  ])('on %s asks for nothing where that has no address on the web: %j', (menuItemId, clicked) => {
    expect(wishOf({ ...at, ...clicked, menuItemId })).toBeUndefined();
  });
});

test('a cookie that would end the header is left out', () => {
  expect(cookieHeader([{ name: 'a', value: '1' }, { name: 'b', value: '2\r\nX: y' }, { name: 'c', value: '3' }])).toBe('a=1; c=3');
});

describe('the log of requests', () => {
  const request = (requestId: string, url: string, more: Partial<SentRequest> = {}): SentRequest => ({
    requestId,
    url,
    method: 'GET',
    timeStamp: 0,
    headers: [],
    ...more,
  });

  test('knows the last hop of a redirect only', () => {
    const log = new RequestLog();
    log.add(request('1', 'https://a.test/form', { method: 'POST' }));
    log.add(request('1', 'https://a.test/file', { timeStamp: 500 }));
    expect(log.find('https://a.test/form')).toBeUndefined();
    expect(log.find('https://a.test/file#part')).toMatchObject({ method: 'GET', beganAt: 0 });
  });

  test('forgets after a minute, and the oldest of too many', () => {
    const log = new RequestLog();
    log.add(request('old', 'https://a.test/old'));
    log.add(request('new', 'https://a.test/new', { timeStamp: 61_000 }));
    expect(log.find('https://a.test/old')).toBeUndefined();
    for (let id = 0; id < 200; id += 1) log.add(request(`${id}`, `https://a.test/${id}`, { timeStamp: 61_000 }));
    expect(log.find('https://a.test/new')).toBeUndefined();
  });

  test('tells what the browser said', () => {
    const headers = [{ name: 'Cookie', value: 'a=1' }, { name: 'Referer', value: 'https://a.test/' }, { name: 'User-Agent', value: 'Browser' }];
    const facts = factsOf(request('1', 'https://a.test/', { headers }));
    expect(facts).toEqual({ cookies: 'a=1', referer: 'https://a.test/', userAgent: 'Browser', headers: undefined });
  });
});

test('an order says what the browser would say; a film takes cookies along and no other header', () => {
  const facts = { referer: 'https://a.test/', cookies: 'a=1', userAgent: undefined, headers: { 'Accept-Language': 'de' } };
  const at = { hubUrl: 'http://127.0.0.1:1', url: 'https://a.test/x' };
  const { idem, ...order } = orderOf(at, { kind: 'download' }, facts);
  expect(idem).toMatch(/^[0-9a-f-]{36}$/);
  const headers = { 'Accept-Language': 'de', Cookie: 'a=1' };
  expect(order).toEqual({ kind: 'download', ...at, referer: 'https://a.test/', headers });
  expect(orderOf(at, { kind: 'media' }, facts)['headers']).toEqual({ Cookie: 'a=1' });
});

describe('the outbox', () => {
  const order = (idem: string): Order => ({ hubUrl: 'http://127.0.0.1:1', url: `https://a.test/${idem}`, idem });
  const yes: AddEnd = { kind: 'accepted', job: '1', state: 'queued' };
  let now: number;
  let added: string[];
  let memory: Recall;

  beforeEach(() => {
    now = 1000;
    added = [];
    memory = { kind: 'unknown' };
  });

  /** A hub that says these, then yes; `away` where it goes before that. */
  class FakeTaker implements OrderTaker {
    constructor(private readonly ends: (AddEnd | 'away')[]) {}

    get isOpen(): boolean {
      return this.ends[0] !== 'away';
    }

    add({ idem }: Order): Promise<AddEnd> {
      added.push(idem);
      const end = this.ends.shift() ?? yes;
      return Promise.resolve(end === 'away' ? { kind: 'unknown' } : end);
    }

    recall(): Promise<Recall> {
      return Promise.resolve(memory);
    }
  }

  const box = (storage: FakeStorage, ends: (AddEnd | 'away')[], refused: string[] = [], pauses: number[] = []) =>
    new Outbox(new Shelf<Waiting[]>(storage, 'outbox', []), new FakeTaker(ends), {
      refused: ({ idem }) => void refused.push(idem),
      pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
      now: () => now,
    });

  test('keeps what was not answered for the next worker', async () => {
    const storage = new FakeStorage();
    const first = box(storage, [yes, { kind: 'unknown' }, 'away']);
    await first.put(['a', 'b', 'c'].map(order));
    await first.flush();
    expect(storage.items['outbox']).toEqual([{ order: order('b'), triedAt: 1000 }, { order: order('c') }]);
    const second = box(storage, []);
    await second.flush();
    expect(await second.size()).toBe(0);
  });

  test('takes what comes while it is being emptied', async () => {
    const storage = new FakeStorage();
    const outbox = box(storage, []);
    await outbox.put([order('a')]);
    await Promise.all([outbox.flush(), outbox.put([order('b')]).then(() => outbox.flush())]);
    expect(await outbox.size()).toBe(0);
  });

  test('drops what Dray refused, says so and goes on', async () => {
    const refused: string[] = [];
    const outbox = box(new FakeStorage(), [{ kind: 'refused', message: 'no' }], refused);
    await outbox.put(['a', 'b'].map(order));
    await outbox.flush();
    expect(refused).toEqual(['a']);
    expect(await outbox.size()).toBe(0);
  });

  test('goes on behind an order that is not answered, and keeps it', async () => {
    const storage = new FakeStorage();
    const outbox = box(storage, [{ kind: 'unknown' }]);
    await outbox.put(['a', 'b', 'c'].map(order));
    await outbox.flush();
    expect(storage.items['outbox']).toEqual([{ order: order('a'), triedAt: 1000 }]);
  });

  test('gives nothing that was discarded, also in the middle', async () => {
    const storage = new FakeStorage();
    const outbox: Outbox = new Outbox(new Shelf<Waiting[]>(storage, 'outbox', []), new FakeTaker([]), {
      now: () => now,
      refused: () => undefined,
      pause: () => outbox.discard(),
    });
    await outbox.put(Array.from({ length: 25 }, (_, index) => order(`${index}`)));
    await outbox.flush();
    expect(added).toHaveLength(20);
    expect(await outbox.size()).toBe(0);
  });

  test.each<[string, Recall, string[], number]>([
    ['has it: it is not sent again', { kind: 'job', job: '7', state: 'running', createdAt: 2000 }, [], 0],
    ['had it and the user removed it: it is not sent again', { kind: 'ended', verdict: 'canceled' }, [], 0],
    ['never got it: it is sent', { kind: 'nothing' }, ['a'], 0],
    ['does not answer: it waits', { kind: 'unknown' }, [], 1],
  ])('about an order that was not answered for a day Dray is asked, and %s', async (_, remembered, sent, waiting) => {
    const storage = new FakeStorage();
    const first = box(storage, [{ kind: 'unknown' }]);
    await first.put([order('a')]);
    await first.flush();
    now += 86_400_000;
    memory = remembered;
    added = [];
    const second = box(storage, []);
    await second.flush();
    expect({ added, waiting: await second.size() }).toEqual({ added: sent, waiting });
  });

  test('an order that was never sent is sent, however long it waited', async () => {
    const storage = new FakeStorage();
    await box(storage, []).put([order('a')]);
    now += 86_400_000;
    await box(storage, []).flush();
    expect(added).toEqual(['a']);
  });

  test('stays below what the hub allows', async () => {
    const pauses: number[] = [];
    const outbox = box(new FakeStorage(), [], [], pauses);
    await outbox.put(Array.from({ length: 25 }, (_, index) => order(`${index}`)));
    await outbox.flush();
    expect(pauses).toEqual([700, 700, 700, 700, 700]);
  });
});
