import { beforeEach, describe, expect, test, vi } from 'vitest';
import { browserDownloads, standingOf } from '../src/catch/browserdownloads.js';
import { putFakeChrome } from './fakechrome.js';

const url = 'https://a.test/a.iso';
const held = { id: 7, url, finalUrl: '', state: 'in_progress', paused: true, startTime: '2026-11-21T19:00:00Z' };
const runtime = (scheme: string) => ({ id: 'ours', getURL: () => `${scheme}://x/` });
const download = vi.fn<(options: object) => Promise<number>>();
interface Item {
  id: number;
  url: string;
  [more: string]: unknown;
}
let items: Item[];

const search = ({ id, url: wanted }: { id?: number; url?: string }) =>
  Promise.resolve(items.filter((item) => item.id === (id ?? item.id) && item.url === (wanted ?? item.url)));

beforeEach(() => {
  items = [held];
  download.mockReset().mockResolvedValue(8);
  putFakeChrome({ runtime: runtime('chrome-extension'), downloads: { search, download } });
});

test.each([
  ['chrome-extension', true],
  ['moz-extension', false],
])('a browser whose pages are %s:// can pause without a loss: %s', (scheme, canPause) => {
  putFakeChrome({ runtime: runtime(scheme) });
  expect(browserDownloads.canPause).toBe(canPause);
});

test.each([
  ['in_progress', false, 'in_progress'],
  ['in_progress', true, 'in_progress'],
  ['interrupted', true, 'in_progress'],
  ['interrupted', false, 'interrupted'],
  ['complete', false, 'complete'],
] as const)('%s, paused %s, stands as %s', (state, paused, stands) => {
  const item = { ...held, state, paused } as unknown as chrome.downloads.DownloadItem;
  expect(standingOf(item)).toEqual({ state: stands, isPaused: paused, startTime: held.startTime });
});

describe('what is begun again', () => {
  test('is asked for by its address', async () => {
    expect(await browserDownloads.startAgain(7)).toEqual({ url, isBegun: true });
    expect(download).toHaveBeenCalledWith({ url });
  });

  test('is begun once, whatever ended the worker then', async () => {
    items.push({ id: 8, url, state: 'in_progress', paused: false, startTime: '2026-11-21T19:01:00Z', byExtensionId: 'ours' });
    expect(await browserDownloads.startAgain(7)).toEqual({ url, isBegun: true });
    expect(download).not.toHaveBeenCalled();
  });

  test('and the browser does not take it, is told', async () => {
    download.mockRejectedValue(new Error('no'));
    expect(await browserDownloads.startAgain(7)).toEqual({ url, isBegun: false });
  });
});

describe('what the browser began again by itself', () => {
  const later = { ...held, id: 1, paused: false, startTime: '2026-11-21T20:00:00Z' };

  test('is found in Firefox', async () => {
    putFakeChrome({ runtime: runtime('moz-extension'), downloads: { search, download } });
    items = [{ ...later, startTime: held.startTime }, { ...later, id: 2, state: 'interrupted' }, { ...later, id: 3 }];
    expect(await browserDownloads.findAgain(url, held.startTime)).toEqual({ download: 3, startTime: later.startTime });
  });

  test('is not looked for where numbers stay', async () => {
    items = [later];
    expect(await browserDownloads.findAgain(url, held.startTime)).toBeUndefined();
  });
});

test('without the permission there are no downloads, and nothing rejects', async () => {
  putFakeChrome({ runtime: runtime('chrome-extension') });
  expect(await browserDownloads.find(7)).toBeUndefined();
  expect(await browserDownloads.pause(7)).toBe(false);
  expect(await browserDownloads.resume(7)).toBe(false);
  await browserDownloads.drop(7);
  expect(await browserDownloads.startAgain(7)).toEqual({ url: '', isBegun: false });
});
