import { describe, expect, test } from 'vitest';
import { Catcher } from '../src/catch/catcher.js';
import type { HandOver } from '../src/catch/handover.js';
import type { AddEnd } from '../src/send/outbox.js';
import { Shelf } from '../src/shared/shelf.js';
import { FakeBrowser, FakeHub, order, startedAt, startTime } from './handoverfakes.js';
import { FakeStorage } from './storage.js';

class Killed extends Error {}

/** A worker's: it ends before or after the step of that number, and nothing is done after that. */
class Life {
  private steps = 0;

  constructor(private readonly lastStep: number) {}

  step(): void {
    this.steps += 1;
    if (this.steps >= this.lastStep) throw new Killed();
  }

  /** `world` as a worker with this life sees it: each call is two steps. */
  in<T extends object>(world: T): T {
    return new Proxy(world, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (...given: unknown[]) => this.call(() => member.apply(target, given) as unknown) : member;
      },
    });
  }

  private async call(run: () => unknown): Promise<unknown> {
    this.step();
    const answer = await run();
    this.step();
    return answer;
  }
}

type DraysAnswer = 'accepted' | 'refused' | 'no answer' | 'not reached';
type Meanwhile = 'nothing' | 'the browser came to its end' | 'the browser broke off';

const deathless = Infinity;
/** More than any run has; that they are enough is tested. */
const mostSteps = 60;

class World {
  readonly storage = new FakeStorage();
  readonly browser: FakeBrowser;
  readonly hub = new FakeHub();
  restarts = 0;

  constructor(canPause: boolean, private readonly answer: DraysAnswer) {
    this.browser = new FakeBrowser(canPause);
    this.hub.answer = () => this.end();
  }

  /** Resolves with whether the worker came to the end of its work. */
  async lives(lastStep: number, work: (catcher: Catcher) => Promise<void>): Promise<boolean> {
    const life = new Life(lastStep);
    const journal = new Shelf<HandOver[]>(life.in<FakeStorage>(this.storage), 'journal', []);
    const catcher = new Catcher(journal, life.in<FakeBrowser>(this.browser), life.in<FakeHub>(this.hub), () => (this.restarts += 1), () => startedAt + 1000);
    try {
      await work(catcher);
      return true;
    } catch (error) {
      if (error instanceof Killed) return false;
      throw error;
    }
  }

  happens(meanwhile: Meanwhile): void {
    if (meanwhile === 'the browser came to its end') this.browser.goesOn();
    if (meanwhile === 'the browser broke off') this.browser.breaksOff();
  }

  /** From here on Dray answers, with a no where it said so before. */
  drayIsBack(): void {
    if (this.answer !== 'refused') this.hub.answer = () => undefined;
  }

  copies(): { whole: number; journal: unknown; paused: boolean } {
    this.browser.goesOn();
    const whole = (this.browser.item?.state === 'complete' ? 1 : 0) + this.hub.jobs.size;
    return { whole, journal: this.storage.items['journal'] ?? [], paused: this.browser.item?.isPaused ?? false };
  }

  private end(): AddEnd | undefined {
    if (this.answer === 'refused') return { kind: 'refused', message: 'no' };
    if (this.answer === 'accepted') return undefined;
    if (this.answer === 'no answer') this.hub.jobs.set(order.idem, 'running');
    return { kind: 'unknown' };
  }
}

const take = (catcher: Catcher) => catcher.take({ id: 7, startTime, makeOrder: () => Promise.resolve(order) });
const goOn = (catcher: Catcher) => catcher.goOn();

/** Where nobody ever took it over from a browser that was closed, what it broke off is the browser's to show. */
const isUntouched = (world: World) => world.browser.item?.state === 'interrupted' && world.hub.added === 0;

const cases = [true, false].flatMap((canPause) =>
  (['accepted', 'refused', 'no answer', 'not reached'] as const).flatMap((answer) =>
    (['nothing', 'the browser came to its end', 'the browser broke off'] as const).map((meanwhile) => ({ canPause, answer, meanwhile })),
  ),
);

describe('a worker killed at any step, and the next one too', () => {
  test.each(cases)('leaves one copy: pauses $canPause, Dray $answer, meanwhile $meanwhile', async ({ canPause, answer, meanwhile }) => {
    for (let first = 1, isThrough = false; !isThrough; first += 1) {
      expect(first).toBeLessThan(mostSteps);
      for (let second = 1, isSecondThrough = false; !isSecondThrough; second += 1) {
        expect(second).toBeLessThan(mostSteps);
        const world = new World(canPause, answer);
        isThrough = await world.lives(first, take);
        world.happens(meanwhile);
        world.drayIsBack();
        isSecondThrough = await world.lives(second, goOn);
        await world.lives(deathless, goOn);
        await world.lives(deathless, goOn);
        const wanted = { whole: isUntouched(world) ? 0 : 1, journal: [], paused: false };
        expect(world.copies(), `killed at ${first}, then at ${second}`).toEqual(wanted);
      }
    }
  }, 60_000);
});

test('with Dray away when the next one starts: the browser goes on, later one copy is left', async () => {
  for (let last = 1, isThrough = false; !isThrough; last += 1) {
    const world = new World(true, 'accepted');
    isThrough = await world.lives(last, take);
    world.hub.isUp = false;
    await world.lives(deathless, goOn);
    expect(world.browser.item?.isPaused ?? false, `killed at ${last}`).toBe(false);
    world.browser.goesOn();
    world.hub.isUp = true;
    await world.lives(deathless, goOn);
    expect(world.copies(), `killed at ${last}`).toEqual({ whole: 1, journal: [], paused: false });
  }
});
