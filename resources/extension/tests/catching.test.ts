import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Catcher, NewDownload } from '../src/catch/catcher.js';
import type { SentRequest } from '../src/catch/requestlog.js';
import type { Order } from '../src/shared/spec.js';
import { putFakeChrome } from './fakechrome.js';

const url = 'https://a.test/a.iso';
const getAll = vi.fn<(details: object) => Promise<{ name: string; value: string }[]>>();
putFakeChrome({
  cookies: { getAll },
  downloads: { search: () => Promise.resolve([{ filename: '/home/me/a.iso' }]) },
});
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
