import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Catcher, type NewDownload } from '../src/catch/catcher.js';
import type { HandOver } from '../src/catch/handover.js';
import type { SentRequest } from '../src/catch/requestlog.js';
import { Shelf } from '../src/shared/shelf.js';
import type { CatchRules } from '../src/shared/settings.js';
import type { Order } from '../src/shared/spec.js';
import { putFakeChrome } from './fakechrome.js';
import { FakeBrowser, FakeHub, startTime } from './handoverfakes.js';
import { FakeStorage } from './storage.js';

const url = 'https://a.test/a.iso';
const getAll = vi.fn<(details: object) => Promise<{ name: string; value: string }[]>>();
putFakeChrome({
  cookies: { getAll },
  downloads: { search: () => search() },
});
const named = (filename: string) => () => Promise.resolve([{ filename }]);
let search: () => Promise<object[]>;
const { Catching } = await import('../src/catch/catching.js');
const { Sending } = await import('../src/send/sending.js');
const { defaultSettings } = await import('../src/shared/settings.js');

/** The order that is made of a download whose request was seen with those headers. */
async function orderFor(headers: SentRequest['headers'], item: object = {}): Promise<Order> {
  const begun: NewDownload[] = [];
  const catching = new Catching({ take: (download: NewDownload) => Promise.resolve(void begun.push(download)) } as unknown as Catcher);
  catching.requestSent({ requestId: '1', url, method: 'GET', timeStamp: 0, headers });
  const facts = { id: 7, url, filename: '', mime: '', totalBytes: -1, referrer: '', state: 'in_progress', incognito: false, ...item };
  await catching.begun(facts as chrome.downloads.DownloadItem, { ...defaultSettings, hubUrl: 'http://127.0.0.1:1' });
  return (await begun[0]?.makeOrder()) as Order;
}

beforeEach(() => {
  search = named('/home/me/a.iso');
  getAll.mockReset().mockResolvedValue([{ name: 'strict', value: '1' }]);
});

describe('the order for a caught download', () => {
  test('has the cookies that the browser sent', async () => {
    expect((await orderFor([{ name: 'Cookie', value: 'lax=1' }]))['headers']).toEqual({ Cookie: 'lax=1' });
  });

  test('has none that the browser withheld', async () => {
    expect((await orderFor([{ name: 'Accept', value: '*/*' }]))['headers']).toBeUndefined();
    expect(getAll).not.toHaveBeenCalled();
  });

  test('has those of the browser where the request was shown without headers', async () => {
    expect((await orderFor([]))['headers']).toEqual({ Cookie: 'strict=1' });
    expect(getAll).toHaveBeenCalledWith({ url });
  });

  test('has those of the container that it is in', async () => {
    await orderFor([], { cookieStoreId: 'firefox-container-2' });
    expect(getAll).toHaveBeenCalledWith({ url, storeId: 'firefox-container-2' });
  });

  test('is for the hub that the settings name', async () => {
    expect((await orderFor([])).hubUrl).toBe('http://127.0.0.1:1');
  });
});

test('what a menu asks for has the cookies of the tab’s container, and is for the hub that is set', async () => {
  const orders: Order[] = [];
  const outbox = { put: (more: Order[]) => Promise.resolve(void orders.push(...more)), flush: () => Promise.resolve() };
  const sending = new Sending(outbox as unknown as ConstructorParameters<typeof Sending>[0]);
  const tab = { incognito: false, cookieStoreId: 'firefox-container-1' } as unknown as chrome.tabs.Tab;
  await sending.menuClicked({ menuItemId: 'link', linkUrl: url } as chrome.contextMenus.OnClickData, tab);
  expect(getAll).toHaveBeenCalledWith({ url, storeId: 'firefox-container-1' });
  expect(orders).toMatchObject([{ url, hubUrl: defaultSettings.hubUrl }]);
});

test.each([
  ['hls', { kind: 'media', name: 'A talk' }],
  ['dash', { kind: 'media', name: 'A talk' }],
  ['file', { kind: 'download' }],
] as const)('media of the kind %s is asked for as %j', async (kind, spec) => {
  const orders: Order[] = [];
  const outbox = { put: (more: Order[]) => Promise.resolve(void orders.push(...more)), flush: () => Promise.resolve() };
  const sending = new Sending(outbox as unknown as ConstructorParameters<typeof Sending>[0]);
  await sending.mediaChosen({ media: { url, kind, mime: '' }, page: 'https://a.test/', title: ' A talk ', cookies: { from: 'nobody' } });
  expect(orders.map((order) => ({ kind: order['kind'], ...('name' in order && { name: order['name'] }) }))).toEqual([spec]);
});

describe('a download that the browser has no name for yet', () => {
  const address = 'https://a.test/get?id=7';
  const facts = { id: 7, url: address, filename: '', mime: '', totalBytes: -1, referrer: '', state: 'in_progress', incognito: false, startTime };

  /** What was taken of it by these rules. */
  async function takenBy(rules: Partial<CatchRules>, catcher: Pick<Catcher, 'take'>): Promise<void> {
    const catching = new Catching(catcher as Catcher);
    catching.requestSent({ requestId: '1', url: address, method: 'GET', timeStamp: 0, headers: [] });
    await catching.begun(facts as chrome.downloads.DownloadItem, { ...defaultSettings, rules: { ...defaultSettings.rules, ...rules } });
  }

  test.each([
    ['taken', ['iso'], true], ['taken', ['pdf'], false], ['left', ['iso'], false], ['left', ['pdf'], true],
  ] as const)('is judged by the one it gets: what is %s is %j', async (typesAre, types, isTaken) => {
    let looks = 0;
    search = () => named(++looks > 2 ? '/home/me/a.iso' : '')();
    const taken: number[] = [];
    await takenBy({ types: [...types], typesAre }, { take: ({ id }) => Promise.resolve(void taken.push(id)) });
    expect(taken).toEqual(isTaken ? [7] : []);
  });

  test('is not waited for where no ending counts', async () => {
    search = () => expect.unreachable('looked for its name');
    const taken: number[] = [];
    await takenBy({ types: ['image/'] }, { take: ({ id }) => Promise.resolve(void taken.push(id)) });
    expect(taken).toEqual([7]);
  });

  test.each([true, false])('and that comes to its end meanwhile stays where it is: pauses %s', async (canPause) => {
    const browser = new FakeBrowser(canPause);
    const hub = new FakeHub();
    const storage = new FakeStorage();
    search = () => {
      browser.goesOn();
      return named('/home/me/a.iso')();
    };
    await takenBy({ types: ['iso'], typesAre: 'taken' }, new Catcher(new Shelf<HandOver[]>(storage, 'journal', []), browser, hub, () => undefined));
    expect({ browser: browser.item?.state, dray: hub.jobs.size, journal: storage.items['journal'] ?? [] }).toEqual({ browser: 'complete', dray: 0, journal: [] });
  });
});
