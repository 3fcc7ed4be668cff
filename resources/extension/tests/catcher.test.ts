import { beforeEach, describe, expect, test } from 'vitest';
import { Catcher, type BrowserDownloads, type HubDoor } from '../src/catch/catcher.js';
import type { HandOver, Standing } from '../src/catch/handover.js';
import type { Recall } from '../src/shared/recall.js';
import type { AddEnd } from '../src/send/outbox.js';
import { Shelf } from '../src/shared/shelf.js';
import type { Order } from '../src/shared/spec.js';
import { FakeStorage } from './storage.js';

const startTime = '2026-11-21T19:00:00Z';
const startedAt = Date.parse(startTime);
const dayMs = 86_400_000;
const order: Order = { kind: 'download', url: 'https://example.org/a.iso', idem: 'once' };

class Killed extends Error {}

/** One download of a browser. */
class FakeBrowser implements BrowserDownloads {
  item: (Standing & { isPaused: boolean }) | undefined = { state: 'in_progress', startTime, isPaused: false };
  onDrop: () => void = () => undefined;

  find(): Promise<Standing | undefined> {
    return Promise.resolve(this.item);
  }

  pause(): Promise<boolean> {
    if (this.item?.state !== 'in_progress') return Promise.resolve(false);
    this.item.isPaused = true;
    return Promise.resolve(true);
  }

  resume(): Promise<boolean> {
    if (this.item) this.item.isPaused = false;
    return Promise.resolve(true);
  }

  drop(): Promise<void> {
    this.onDrop();
    this.item = undefined;
    return Promise.resolve();
  }

  /** What is not paused comes to its end. */
  goesOn(): void {
    if (this.item && !this.item.isPaused && this.item.state === 'in_progress') this.item.state = 'complete';
  }
}

/** A hub that remembers `idem` for a day, as Dray does. */
class FakeHub implements HubDoor {
  isUp = true;
  jobs = new Map<string, string>();
  added = 0;
  answer: () => AddEnd | undefined = () => undefined;
  onAdded: () => void = () => undefined;
  /** What it says about an address. */
  memory: Recall = { kind: 'unknown' };

  isLive(): Promise<boolean> {
    return Promise.resolve(this.isUp);
  }

  add({ idem }: Order): Promise<AddEnd> {
    const forced = this.answer();
    if (forced?.kind === 'refused') return Promise.resolve(forced);
    if (!this.jobs.has(idem)) this.added += 1;
    if (!this.jobs.has(idem)) this.jobs.set(idem, 'running');
    this.onAdded();
    return Promise.resolve(forced ?? { kind: 'accepted', job: idem, state: this.jobs.get(idem) ?? '' });
  }

  recall(): Promise<Recall> {
    return Promise.resolve(this.memory);
  }

  /** The keys of yesterday are forgotten; the jobs stay. */
  forgetsKeys(): void {
    this.jobs = new Map([...this.jobs].map(([idem, state]) => [`old ${idem}`, state]));
    const [[job, state] = ['', '']] = this.jobs;
    this.memory = job === '' ? { kind: 'nothing' } : { kind: 'job', job, state, createdAt: startedAt + 2000 };
  }

  remove(job: string): Promise<boolean> {
    return Promise.resolve(this.isUp && this.jobs.delete(job));
  }
}

let storage: FakeStorage;
let browser: FakeBrowser;
let hub: FakeHub;
let now: number;

const worker = () => new Catcher(new Shelf<HandOver[]>(storage, 'journal', []), browser, hub, () => now);
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
});

describe('a hand-over', () => {
  test('with Dray there: Dray has it, the browser no more', async () => {
    hub.onAdded = () => expect(browser.item?.isPaused).toBe(true);
    await take();
    expectOneCopy('dray');
  });

  test('with Dray away: the browser goes on', async () => {
    hub.isUp = false;
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
    if (browser.item) browser.item.state = 'interrupted';
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
    storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, order }];
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
  const breaksOff = () => void (browser.item = { state: 'interrupted', startTime, isPaused: false });

  test('about what Dray has: it is not sent again', async () => {
    await doubtfulForADay('has it');
    breaksOff();
    await worker().goOn();
    expect(hub.added).toBe(0);
    expectOneCopy('dray');
  });

  test('about what Dray never got: it gets it', async () => {
    await doubtfulForADay('never got it');
    breaksOff();
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
    breaksOff();
    hub.memory = { kind: 'ended', verdict: 'succeeded' };
    await worker().goOn();
    expect({ browser: browser.item, added: hub.added, journal: journal() }).toEqual({ browser: undefined, added: 0, journal: [] });
  });

  test('about what was canceled in Dray: the browser’s is the user’s to go on with', async () => {
    await doubtfulForADay('never got it');
    breaksOff();
    hub.memory = { kind: 'ended', verdict: 'canceled' };
    await worker().goOn();
    expect({ browser: browser.item?.state, added: hub.added, journal: journal() }).toEqual({ browser: 'interrupted', added: 0, journal: [] });
  });

  test('waits while Dray does not answer', async () => {
    await doubtfulForADay('has it');
    breaksOff();
    hub.memory = { kind: 'unknown' };
    await worker().goOn();
    expect({ added: hub.added, journal: journal().map(({ phase }) => phase) }).toEqual({ added: 0, journal: ['doubtful'] });
  });

  test('of a computer that slept meanwhile begins with a look, not with an order', async () => {
    await doubtfulForADay('has it');
    storage.items['journal'] = [{ phase: 'sent', download: 7, startTime, order }];
    await worker().goOn();
    expect({ added: hub.added, journal: journal().map(({ phase }) => phase) }).toEqual({ added: 0, journal: ['doubtful'] });
    browser.goesOn();
    await worker().goOn();
    expectOneCopy('browser');
  });
});

describe('a worker killed', () => {
  /** Runs `arm` to plant the end of the worker, then the next worker goes on. */
  async function killedAndGoesOn(arm: (kill: () => never) => void): Promise<void> {
    arm(() => {
      storage.onSet = hub.onAdded = browser.onDrop = () => undefined;
      throw new Killed();
    });
    await expect(take()).rejects.toThrow(Killed);
    await worker().goOn();
  }

  test.each([1, 2, 3, 4])('after write %i to the journal leaves one copy', async (writes) => {
    let count = 0;
    await killedAndGoesOn((kill) => (storage.onSet = () => (++count === writes ? kill() : undefined)));
    expectOneCopy(writes === 1 ? 'browser' : 'dray');
  });

  test('after Dray had it and before the answer leaves one copy', async () => {
    await killedAndGoesOn((kill) => (hub.onAdded = kill));
    expect(hub.added).toBe(1);
    expectOneCopy('dray');
  });

  test('before the browser dropped its copy leaves one copy', async () => {
    await killedAndGoesOn((kill) => (browser.onDrop = kill));
    expectOneCopy('dray');
  });

  test('with Dray away when the next one starts: the browser goes on, later one copy is left', async () => {
    await killedAndGoesOn((kill) => {
      hub.onAdded = () => {
        hub.isUp = false;
        kill();
      };
    });
    browser.goesOn();
    hub.isUp = true;
    await worker().goOn();
    expectOneCopy('browser');
  });
});
