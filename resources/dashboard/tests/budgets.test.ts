import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import { expect, it } from 'vitest';
import { bareScroll, moveBarePage, openBarePage } from './barepage.js';
import { complaints, page, server, signedIn, url } from './visitor.js';

/**
 * What a page may cost: first paint 300 ms on loopback, 4 ms of main thread for a progress frame, ten thousand jobs
 * scrolled smoothly. How long that takes says as much of the machine as of the page, so it is measured and printed, beside
 * a bare page in the same run; what the test holds the page to is what it gives the browser to do, which is the same on
 * every machine.
 */

/** The page, its script, what was in common, its looks, one language; the icon stands beside them. */
const mostRequests = 6;
/** Of nodes, of texts and of attributes: four rows of a frame, and the sum. */
const mostMutations = 24;

const frames = 40;
/** A hub sends ten a second. */
const frameMs = 100;

/** Of a page since it began: milliseconds that its main thread had a processor, and what was done how often. */
const counters = ['TaskDuration', 'ScriptDuration', 'LayoutCount', 'RecalcStyleCount'] as const;
type Cost = Record<(typeof counters)[number], number>;
const ofEach = (value: (counter: keyof Cost) => number) => Object.fromEntries(counters.map((counter) => [counter, value(counter)])) as Cost;

async function costSoFar(session: CDPSession): Promise<Cost> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (counter: keyof Cost) => metrics.find((metric) => metric.name === counter)?.value ?? NaN;
  return ofEach((counter) => of(counter) * (counter.endsWith('Duration') ? 1000 : 1));
}

/** The same for each of `frames`, the median of them: what disturbs one frame or another does not count. */
async function usualFrame(session: CDPSession, begin: (frame: number) => void): Promise<Cost> {
  const costs: Cost[] = [];
  let before = await costSoFar(session);
  for (let frame = 1; frame <= frames; frame++) {
    begin(frame);
    await pause(frameMs);
    const after = await costSoFar(session);
    costs.push(difference(after, before));
    before = after;
  }
  return ofEach((counter) => median(costs.map((cost) => cost[counter]).sort((a, b) => a - b)));
}

const difference = (more: Cost, less: Cost) => ofEach((counter) => more[counter] - less[counter]);

/** From here on the page counts what is changed in it, frame by frame of the screen. */
async function countMutations(): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const counted: number[] = [];
    new MutationObserver((records) => counted.push(records.length)).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    Object.assign(window, { counted });
  });
  return () => page.evaluate(() => (window as unknown as { counted: number[] }).counted);
}

const median = (values: number[]) => values[Math.floor(values.length / 2)] ?? 0;
const say = (what: string, milliseconds: number) => console.log(`${what}: ${milliseconds.toFixed(1)} ms`);

it('first paint', async () => {
  await signedIn();
  const times: number[] = [];
  for (let visit = 0; visit < 5; visit++) {
    await page.goto(`${url}/?visit=${visit}`);
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    times.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
    const asked = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
    expect(new Set(asked).size + 1, asked.join()).toBeLessThanOrEqual(mostRequests);
  }
  times.sort((a, b) => a - b);
  say('first paint on loopback, median of 5', median(times));
});

const speedOf = (frame: number) => 1e6 + frame * 1e5;
/** Bytes of a job after each frame: as its speed says, or a hundredth of it each time. */
const paces = { 'at their speed': (frame: number) => frame * 1e5 + frame * frame * 5e3, 'by 1 % each': (frame: number) => frame * 1e7 };

/** What such a frame costs a page that is nothing but a table of `rows`. */
async function bareFrame(rows: number, running: number, pace: keyof typeof paces): Promise<number> {
  const bare = await openBarePage(rows);
  const session = await bare.context().newCDPSession(bare);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const idle = await usualFrame(session, () => undefined);
  const values = Array.from({ length: frames }, (_, frame) => ({ done: paces[pace](frame + 1), speed: speedOf(frame + 1) }));
  await moveBarePage(bare, Math.min(running, rows), values);
  const busy = await usualFrame(session, () => undefined);
  await bare.context().close();
  return busy.TaskDuration - idle.TaskDuration;
}

it.each([
  [3, 'at their speed'], [20, 'at their speed'], [100, 'at their speed'], [3, 'by 1 % each'], [20, 'by 1 % each'],
] as const)('progress frames of %i running jobs among ten thousand that move %s', async (running, pace) => {
  for (let count = running; count < 10_000; count++) server.hub.add({ title: `done ${count}`, state: 'succeeded', done: 1, total: 1 });
  for (let count = 0; count < running; count++) server.hub.add({ title: `file ${count}.iso`, state: 'running', stage: 'transferring', done: 0, total: 1e9, bytesPerSecond: 1e6 });
  await signedIn();
  await page.locator('tr[data-job="10000"]').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const drawn = await page.locator('tr[data-job]').count();
  const idle = await usualFrame(session, () => undefined);
  const begin = (frame: number) => {
    for (let id = 10_001 - running; id <= 10_000; id++) server.hub.move(String(id), { done: paces[pace](frame), bytesPerSecond: speedOf(frame) });
    server.hub.tick();
  };
  const busy = await usualFrame(session, begin);
  await page.locator('tr[data-job="10000"]').getByText(`${Math.floor(paces[pace](frames) / 1e7)} %`).waitFor();
  const cost = difference(busy, idle);
  say(`main thread for a progress frame of ${running} jobs that move ${pace}, its own processor time, median of ${frames}`, cost.TaskDuration);
  say('of which script', cost.ScriptDuration);
  say('the same of a bare page', await bareFrame(drawn, running, pace));
  expect(cost.LayoutCount).toBeLessThanOrEqual(1);
  expect(cost.RecalcStyleCount).toBeLessThanOrEqual(1);
  const mutations = await countMutations(); // apart from what is timed: an observer costs something, too
  await usualFrame(session, (frame) => begin(frames + frame));
  const changed = await mutations();
  expect(changed.length).toBeGreaterThan(0);
  expect(Math.max(...changed)).toBeLessThanOrEqual(mostMutations);
  expect(complaints).toEqual([]);
});

it('jobs of unknown length between progress frames', async () => {
  const running = 10;
  for (let count = 0; count < running; count++) server.hub.add({ title: `stream ${count}`, state: 'running', stage: 'transferring', done: 1e6, bytesPerSecond: 1e6 });
  await signedIn();
  await page.locator('tr[data-job="1"]').getByRole('progressbar').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const still = await usualFrame(session, () => undefined);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const moving = await usualFrame(session, () => undefined);
  say(`main thread for ${running} jobs of unknown length in a tenth of a second, median of ${frames}`, moving.TaskDuration - still.TaskDuration);
  say('a progress frame of a bare page', await bareFrame(running, running, 'by 1 % each'));
  expect(moving.LayoutCount, 'what the browser moves by itself is not laid out again').toBe(0);
  expect(moving.RecalcStyleCount).toBe(0);
});

it('scrolling through ten thousand jobs', async () => {
  for (let count = 0; count < 10_000; count++) server.hub.add({ title: `file ${count}.iso`, state: 'succeeded', done: 1, total: 1 });
  await signedIn();
  await page.locator('tr[data-job="10000"]').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await costSoFar(session);
  const steps = 120;
  const gaps = await page.evaluate(async (steps) => {
    const box = document.querySelector('.joblist')!;
    const gaps: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (let step = 0; step < steps; step++) {
      box.scrollTop += 600;
      const now = await new Promise<number>(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    return gaps.sort((a, b) => a - b);
  }, steps);
  const { LayoutCount } = difference(await costSoFar(session), before);
  say(`frame while scrolling 600 pixels each, median of ${steps}`, median(gaps));
  say('frame while scrolling, slowest of 20', gaps[Math.floor(gaps.length * 0.95)] ?? 0);
  const bare = await openBarePage(1000);
  const bareGap = await bareScroll(bare, steps, 300);
  await bare.context().close();
  say('frame while scrolling a bare list', bareGap);
  const drawn = await page.locator('tr[data-job]').count();
  expect(LayoutCount, 'laid out once a step').toBeLessThan(2 * steps);
  expect(drawn).toBeGreaterThan(10);
  expect(drawn).toBeLessThan(60);
});
