import { beforeEach, describe, expect, test, vi } from 'vitest';
import { putFakeChrome } from './fakechrome.js';

interface Injection {
  target: { tabId: number; allFrames: boolean };
  files: string[];
  injectImmediately: boolean;
}

let registered: string[];
let open: object[];
let mayAsk: boolean;
const reach = vi.fn<(injection: Injection) => Promise<object[]>>();

const scripting = {
  getRegisteredContentScripts: () => Promise.resolve(registered.map((id) => ({ id }))),
  registerContentScripts: ([{ id }]: [{ id: string }]) => Promise.resolve(void registered.push(id)),
  unregisterContentScripts: () => Promise.resolve(void (registered = [])),
  executeScript: reach,
};
const tabs = { query: () => Promise.resolve(open) };
const { session } = putFakeChrome({ scripting, tabs, permissions: { contains: () => Promise.resolve(mayAsk) } });
const { watchKeys } = await import('../src/catch/watchkeys.js');
const { defaultSettings } = await import('../src/shared/settings.js');

const on = { ...defaultSettings, catches: true };
const reached = () => reach.mock.calls.map(([{ target }]) => target.tabId);

beforeEach(() => {
  registered = [];
  mayAsk = true;
  open = [{ id: 1, url: 'https://a.test/' }, { id: 2, url: 'http://b.test/' }];
  reach.mockReset().mockResolvedValue([]);
  for (const name of Object.keys(session.items)) delete session.items[name];
});

describe('watching keys', () => {
  test('begins in the pages that are open, in all their frames, with the script that later ones get', async () => {
    await watchKeys(on);
    expect(registered).toEqual(['heldkeys']);
    const how = { files: ['heldkeys.js'], injectImmediately: true };
    expect(reach.mock.calls.map(([injection]) => injection)).toEqual([
      { target: { tabId: 1, allFrames: true }, ...how },
      { target: { tabId: 2, allFrames: true }, ...how },
    ]);
  });

  test('passes over what is no page of the web, and what cannot be reached', async () => {
    open = [{ id: 3, url: 'chrome://settings/' }, { id: 4 }, { id: 5, url: 'file:///tmp/a.html' }, ...open];
    reach.mockRejectedValueOnce(new Error('The extensions gallery cannot be scripted.'));
    await watchKeys(on);
    expect(reached()).toEqual([1, 2]);
  });

  test('does not wait for pages that stand still', async () => {
    reach.mockReturnValue(new Promise(() => undefined));
    await watchKeys(on);
    expect(reached()).toEqual([1, 2]);
  });

  test('reaches open pages once, however often it is looked at', async () => {
    for (let look = 0; look < 3; look += 1) await watchKeys(on);
    expect(reached()).toEqual([1, 2]);
  });

  test('reaches them again where the extension was loaded anew: the pages have lost its script, the browser has not', async () => {
    await watchKeys(on);
    delete session.items['openPagesReached'];
    await watchKeys(on);
    expect(reached()).toEqual([1, 2, 1, 2]);
  });

  test('switched off and on again, reaches those that were opened meanwhile', async () => {
    await watchKeys(on);
    await watchKeys({ ...on, bypassKey: 'none' });
    expect(registered).toEqual([]);
    open = [{ id: 6, url: 'https://c.test/' }];
    await watchKeys(on);
    expect(reached()).toEqual([1, 2, 6]);
  });

  test('goes nowhere while it counts for nothing, or may not be', async () => {
    await watchKeys(defaultSettings);
    await watchKeys({ ...on, bypassKey: 'none' });
    mayAsk = false;
    await watchKeys(on);
    expect({ registered, reached: reached() }).toEqual({ registered: [], reached: [] });
  });
});

test('a page that gets the script twice tells of a click once', async () => {
  const listeners: ((event: object) => void)[] = [];
  const sendMessage = vi.fn(() => Promise.resolve());
  vi.stubGlobal('addEventListener', (type: string, listener: (event: object) => void) => void (type === 'click' && listeners.push(listener)));
  Object.assign(chrome, { runtime: { sendMessage } });
  await import('../src/catch/heldkeys.js');
  vi.resetModules();
  await import('../src/catch/heldkeys.js');
  for (const listen of listeners) listen({ isTrusted: true, altKey: true });
  expect(sendMessage.mock.calls).toEqual([[{ held: ['alt'] }]]);
});
