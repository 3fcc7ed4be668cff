import { beforeEach, describe, expect, test, vi } from 'vitest';
import { order, startedAt, startTime } from './handoverfakes.js';
import { putFakeChrome } from './fakechrome.js';

const asked: string[] = [];
const nothing = () => Promise.resolve();
const done = (name: string) => () => Promise.resolve(void asked.push(name));

let granted: Set<string>;
let item: object | undefined;

const downloads = {
  search: () => Promise.resolve(item ? [item] : []),
  resume: () => {
    item = { ...item, paused: false };
    return done('resume')();
  },
};
const permissions = {
  contains: ({ permissions: names = [] }: { permissions?: string[] }) => Promise.resolve(names.every((name) => granted.has(name))),
  remove: done('remove'),
};

let badge: string | undefined;
const action = { setBadgeBackgroundColor: nothing, setBadgeTextColor: nothing, setBadgeText: ({ text }: { text: string }) => Promise.resolve(void (badge = text)) };
const scripting = { getRegisteredContentScripts: () => Promise.resolve([]), registerContentScripts: nothing, unregisterContentScripts: nothing };
const runtime = { id: 'ours', getURL: () => 'chrome-extension://x/' };
const { local } = putFakeChrome({ action, scripting, runtime, permissions, alarms: { create: nothing, clear: nothing } });
const { Companion } = await import('../src/worker/companion.js');

/** A worker that has just been started. There is no token: Dray is away. */
async function startedWorker(more: object) {
  Object.assign(chrome, { downloads: undefined }, more);
  const companion = new Companion();
  await companion.ready;
  return companion;
}

beforeEach(() => {
  asked.length = 0;
  granted = new Set(['downloads', 'cookies', 'webRequest']);
  item = { id: 7, url: order.url, state: 'in_progress', paused: true, startTime };
  for (const name of Object.keys(local.items)) delete local.items[name];
});

const kept = (name: string) => local.items[name] ?? [];

describe('a worker', () => {
  test('ends what is open before it gives permissions back', async () => {
    local.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
    const companion = await startedWorker({ downloads });
    await companion.giveBack();
    expect(asked).toEqual(['resume', 'remove']);
    expect({ journal: kept('journal'), outbox: kept('outbox') }).toEqual({ journal: [], outbox: [] });
  });

  test('that lost its permission keeps the order for what was being handed over', async () => {
    local.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
    await startedWorker({});
    await vi.waitFor(() => expect({ journal: kept('journal'), outbox: kept('outbox') }).toEqual({ journal: [], outbox: [{ order, triedAt: startedAt }] }), { timeout: 20_000 });
  });

  test('takes away the number that an earlier one left on the badge', async () => {
    badge = '3';
    await startedWorker({});
    await vi.waitFor(() => expect(badge).toBe(''), { timeout: 20_000 });
  });

  test('switches off what lost its permission, and nothing else', async () => {
    local.items['settings'] = { catches: true, findsMedia: true };
    granted.delete('downloads');
    const companion = await startedWorker({});
    expect(local.items['settings']).toEqual({ catches: false, findsMedia: true });
    granted.clear();
    await companion.permissionsLost();
    expect(local.items['settings']).toEqual({ catches: false, findsMedia: false });
  });
});
