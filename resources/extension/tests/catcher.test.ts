import { beforeEach, describe, expect, test } from 'vitest';
import { Catcher, type Restart } from '../src/catch/catcher.js';
import type { HandOver } from '../src/catch/handover.js';
import { Shelf } from '../src/shared/shelf.js';
import type { Order } from '../src/shared/spec.js';
import { FakeBrowser, FakeHub, order, startedAt, startTime } from './handoverfakes.js';
import { FakeStorage } from './storage.js';

const dayMs = 86_400_000;

let storage: FakeStorage;
let browser: FakeBrowser;
let hub: FakeHub;
let now: number;
let restarts: Restart[];

const worker = () => new Catcher(new Shelf<HandOver[]>(storage, 'journal', []), browser, hub, (restart) => restarts.push(restart), () => now);
const take = () => worker().take({ id: 7, startTime, makeOrder: () => Promise.resolve(order) });
const journal = () => (storage.items['journal'] ?? []) as HandOver[];

/** In the end there is one copy, in one place, and nothing is left to do. */
function expectOneCopy(where: 'browser' | 'dray'): void {
  browser.goesOn();
  expect({ browser: browser.item?.state, dray: hub.jobs.size, journal: journal() }).toEqual({
    browser: where === 'browser' ? 'complete' : undefined,
    dray: where === 'dray' ? 1 : 0,
    journal: [],
  });
}

beforeEach(() => {
  storage = new FakeStorage();
  browser = new FakeBrowser();
  hub = new FakeHub();
  now = startedAt + 1000;
  restarts = [];
});

describe('a hand-over', () => {
  test('with Dray there: Dray has it, the browser no more', async () => {
    hub.onAdded = () => expect(browser.item?.isPaused).toBe(true);
    await take();
    expectOneCopy('dray');
  });

  test('with Dray away: the browser’s is not touched', async () => {
    hub.isUp = false;
    browser.pause = () => expect.unreachable('paused');
    await take();
    expectOneCopy('browser');
  });

  test('refused by Dray: the browser goes on', async () => {
    hub.answer = () => ({ kind: 'refused', message: 'no' });
    await take();
    expectOneCopy('browser');
  });

  test('of what has ended meanwhile: stays where it is', async () => {
    browser.item = { state: 'complete', startTime, isPaused: false };
    await take();
    expectOneCopy('browser');
  });

  test('that Dray never answered: the browser goes on, and Dray gives its copy back', async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    browser.goesOn();
    hub.answer = () => undefined;
    await worker().goOn();
    expect(hub.added).toBe(1);
    expectOneCopy('browser');
  });

  test('that Dray never answered, the browser broke off: Dray keeps it', async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    browser.breaksOff();
    hub.answer = () => undefined;
    await worker().goOn();
    expectOneCopy('dray');
  });

  test('that Dray never answered, but finished first: Dray keeps it', async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    hub.jobs.set(order.idem, 'succeeded');
    hub.answer = () => undefined;
    await worker().goOn();
    expectOneCopy('dray');
  });

  test('that broke off with the browser: Dray is asked as soon as it is there', async () => {
    storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
    browser.item = { state: 'interrupted', startTime, isPaused: false };
    const next = worker();
    await Promise.all([next.goOn(), next.goOn()]);
    expectOneCopy('dray');
  });

  test('whose doubt waits while Dray is away', async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    hub.isUp = false;
    await worker().goOn();
    expect(journal().map(({ phase }) => phase)).toEqual(['doubtful']);
  });

  test('of a browser that was started again: another download of that number is not touched', async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    browser.item = { state: 'in_progress', startTime: 'later', isPaused: false };
    hub.answer = () => undefined;
    await worker().goOn();
    expect({ browser: browser.item?.startTime, dray: hub.jobs.size, journal: journal() }).toEqual({ browser: 'later', dray: 1, journal: [] });
  });
});

describe('a hand-over in doubt', () => {
  beforeEach(async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    hub.answer = () => undefined;
  });

  test.each(['failed', 'canceled'])('that %s in Dray: the browser goes on with what it broke off', async (state) => {
    hub.jobs.set(order.idem, state);
    browser.breaksOff();
    await worker().goOn();
    expectOneCopy('browser');
  });

  test.each(['failed', 'canceled'])('that %s in Dray and cannot go on: both stay as they are', async (state) => {
    hub.jobs.set(order.idem, state);
    browser.breaksOff();
    browser.canResume = false;
    await worker().goOn();
    expect({ browser: browser.item?.state, dray: hub.jobs.size, journal: journal() }).toEqual({ browser: 'interrupted', dray: 1, journal: [] });
  });

  test('that stands still in the browser, for good: Dray keeps its copy', async () => {
    await browser.pause();
    browser.canResume = false;
    await worker().goOn();
    expectOneCopy('dray');
  });

  test('that Dray refuses then: the browser goes on with what it broke off', async () => {
    hub.jobs.clear();
    browser.breaksOff();
    hub.answer = () => ({ kind: 'refused', message: 'no' });
    await worker().goOn();
    expectOneCopy('browser');
  });

  test('is not lost when its number is given to another that is caught', async () => {
    browser.item = { state: 'in_progress', startTime: 'later', isPaused: false };
    hub.isUp = true;
    const next: Order = { ...order, url: 'https://example.org/b.iso', idem: 'next' };
    hub.answer = () => ({ kind: 'unknown' });
    await worker().take({ id: 7, startTime: 'later', makeOrder: () => Promise.resolve(next) });
    expect(journal().map((entry) => entry.startTime)).toEqual([startTime, 'later']);
  });
});

describe('what cannot go on where it was', () => {
  test('is begun again, and the user is told', async () => {
    hub.answer = () => ({ kind: 'refused', message: 'no' });
    browser.canResume = false;
    await take();
    expect({ restarts, journal: journal() }).toEqual({ restarts: [{ url: order.url, isBegun: true }], journal: [] });
    expect(browser.item, 'what stood still').toBeUndefined();
  });

  test('is not begun again where it was over meanwhile', async () => {
    hub.answer = () => ({ kind: 'refused', message: 'no' });
    hub.isLive = () => {
      if (browser.item?.isPaused) Object.assign(browser.item, { state: 'complete', isPaused: false });
      return Promise.resolve(true);
    };
    browser.canResume = false;
    await take();
    expect({ restarts, browser: browser.item?.state, journal: journal() }).toEqual({ restarts: [], browser: 'complete', journal: [] });
  });

  test('is given back when no order can be made of it', async () => {
    await worker().take({ id: 7, startTime, makeOrder: () => Promise.reject(new Error('no permission')) });
    expectOneCopy('browser');
  });
});

describe('a browser that cannot pause', () => {
  beforeEach(() => {
    browser = new FakeBrowser(false);
    browser.pause = () => expect.unreachable('paused');
  });

  test('goes on until Dray has it', async () => {
    hub.onAdded = () => expect(browser.item?.state).toBe('in_progress');
    await take();
    expectOneCopy('dray');
  });

  test('keeps what it has whole before Dray answered', async () => {
    hub.onAdded = () => browser.goesOn();
    await take();
    expectOneCopy('browser');
  });

  test('keeps what Dray refused', async () => {
    hub.answer = () => ({ kind: 'refused', message: 'no' });
    browser.resume = () => expect.unreachable('resumed');
    await take();
    expectOneCopy('browser');
  });

  test('keeps what the user paused and let go on, while Dray was away', async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    hub.answer = () => undefined;
    if (browser.item) browser.item.isPaused = true;
    hub.remove = () => Promise.resolve(false);
    await worker().goOn();
    expect(journal().map((entry) => entry.startTime)).toEqual([browser.item?.startTime]);
    hub.remove = (job) => Promise.resolve(hub.jobs.delete(job));
    await worker().goOn();
    expectOneCopy('browser');
  });

  test.each(['sent', 'doubtful'])('which was closed and began it again by itself keeps it: %s', async (phase) => {
    storage.items['journal'] = [{ phase, download: 7, startTime, orderedAt: startedAt, order }];
    hub.jobs.set(order.idem, 'running');
    browser.again = { download: 1, startTime: 'later' };
    browser.item = { state: 'complete', startTime: 'later', isPaused: false };
    await worker().goOn();
    await worker().goOn();
    expectOneCopy('browser');
  });

  test('another download of that number is not set going', async () => {
    storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
    browser.item = { state: 'in_progress', startTime: 'later', isPaused: true };
    hub.isUp = false;
    await worker().goOn();
    expect(browser.item).toEqual({ state: 'in_progress', startTime: 'later', isPaused: true });
  });
});

test('another download of that number is not set going', async () => {
  storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
  browser.item = { state: 'in_progress', startTime: 'later', isPaused: true };
  hub.isUp = false;
  await worker().goOn();
  expect(browser.item).toEqual({ state: 'in_progress', startTime: 'later', isPaused: true });
});

describe('the end of catching', () => {
  const kept: Order[] = [];
  const end = () => worker().end((keep) => Promise.resolve(void kept.push(keep)));
  const inDoubt = async () => {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    hub.jobs.clear();
    hub.isUp = false;
  };

  beforeEach(() => {
    kept.length = 0;
  });

  test('waits for what is being handed over', async () => {
    const next = worker();
    await Promise.all([next.take({ id: 7, startTime, makeOrder: () => Promise.resolve(order) }), next.end(() => expect.unreachable('kept'))]);
    expectOneCopy('dray');
  });

  test('leaves what the browser has with the browser', async () => {
    await inDoubt();
    await end();
    expect(kept).toEqual([]);
    expectOneCopy('browser');
  });

  test('keeps the order for what the browser broke off', async () => {
    await inDoubt();
    browser.breaksOff();
    await end();
    expect({ kept, journal: journal() }).toEqual({ kept: [order], journal: [] });
  });

  test('keeps the order for what it cannot look at', async () => {
    storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
    browser.item = undefined;
    hub.isUp = false;
    await end();
    expect({ kept, journal: journal() }).toEqual({ kept: [order], journal: [] });
  });

  test('sets going what an earlier worker held', async () => {
    storage.items['journal'] = [{ phase: 'found', download: 7, startTime }];
    await browser.pause();
    await end();
    expectOneCopy('browser');
  });
});

describe('a doubt of more than a day', () => {
  /** Dray got the order (or not), and was not heard of for a day. */
  async function doubtfulForADay(dray: 'has it' | 'never got it'): Promise<void> {
    hub.answer = () => ({ kind: 'unknown' });
    await take();
    if (dray === 'never got it') hub.jobs.clear();
    hub.answer = () => undefined;
    hub.added = 0;
    hub.forgetsKeys();
    now = startedAt + dayMs;
  }

  test('about what Dray has: it is not sent again', async () => {
    await doubtfulForADay('has it');
    browser.breaksOff();
    await worker().goOn();
    expect(hub.added).toBe(0);
    expectOneCopy('dray');
  });

  test('about what Dray never got: it gets it', async () => {
    await doubtfulForADay('never got it');
    browser.breaksOff();
    await worker().goOn();
    expect(hub.added).toBe(1);
    expectOneCopy('dray');
  });

  test('about what both have: the browser’s stays', async () => {
    await doubtfulForADay('has it');
    browser.goesOn();
    await worker().goOn();
    expect(hub.added).toBe(0);
    expectOneCopy('browser');
  });

  test('about what only the browser has: nothing is sent', async () => {
    await doubtfulForADay('never got it');
    browser.goesOn();
    await worker().goOn();
    expect(hub.added).toBe(0);
    expectOneCopy('browser');
  });

  test('leaves a job alone that the user made later', async () => {
    await doubtfulForADay('has it');
    browser.goesOn();
    const [job = ''] = hub.jobs.keys();
    hub.memory = { kind: 'job', job, state: 'succeeded', createdAt: startedAt + dayMs / 2 };
    await worker().goOn();
    expect({ dray: hub.jobs.size, journal: journal() }).toEqual({ dray: 1, journal: [] });
  });

  test('about what Dray finished and forgot: the rest in the browser goes', async () => {
    await doubtfulForADay('never got it');
    browser.breaksOff();
    hub.memory = { kind: 'ended', verdict: 'succeeded' };
    await worker().goOn();
    expect({ browser: browser.item, added: hub.added, journal: journal() }).toEqual({ browser: undefined, added: 0, journal: [] });
  });

  test('about what was canceled in Dray: the browser’s is the user’s to go on with', async () => {
    await doubtfulForADay('never got it');
    browser.breaksOff();
    hub.memory = { kind: 'ended', verdict: 'canceled' };
    await worker().goOn();
    expect({ browser: browser.item?.state, added: hub.added, journal: journal() }).toEqual({ browser: 'interrupted', added: 0, journal: [] });
  });

  test('waits while Dray does not answer', async () => {
    await doubtfulForADay('has it');
    browser.breaksOff();
    hub.memory = { kind: 'unknown' };
    await worker().goOn();
    expect({ added: hub.added, journal: journal().map(({ phase }) => phase) }).toEqual({ added: 0, journal: ['doubtful'] });
  });

  test('of a computer that slept meanwhile begins with a look, not with an order', async () => {
    await doubtfulForADay('has it');
    storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, orderedAt: startedAt, order }];
    await worker().goOn();
    expect({ added: hub.added, journal: journal().map(({ phase }) => phase) }).toEqual({ added: 0, journal: ['doubtful'] });
    browser.goesOn();
    await worker().goOn();
    expectOneCopy('browser');
  });
});
