import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import { expect, it } from 'vitest';
import { bareScroll, moveBarePage, openBarePage } from './barepage.js';
import { complaints, page, server, signedIn, url } from './visitor.js';

/**
 * Measured in a real browser and printed. What a page may cost: first paint 300 ms on loopback, 4 ms of
 * main thread for a progress frame, ten thousand jobs scrolled smoothly. How long that takes says as much of
 * the machine as of the page, so what the test holds the page to is a bare page beside it, in the same run.
 */
const busyFactor = 1.5;
/** A frame of ours costs at most so many of the bare page's. */
const mostBareFrames = 2;
const oneScreenFrameMs = 17;

const frames = 40;
/** A hub sends ten a second. */
const frameMs = 100;

type Busy = Record<'TaskDuration' | 'ScriptDuration', number>;

/** Milliseconds that the page's main thread had a processor since the page began: not those it waited for one. */
async function busyMs(session: CDPSession): Promise<Busy> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: keyof Busy) => (metrics.find((metric) => metric.name === name)?.value ?? NaN) * 1000;
  return { TaskDuration: of('TaskDuration'), ScriptDuration: of('ScriptDuration') };
}

/** The same for each of `frames`, the median of them: what disturbs one frame or another does not count. */
async function usualFrame(session: CDPSession, begin: (frame: number) => void): Promise<Busy> {
  const costs: Busy[] = [];
  let before = await busyMs(session);
  for (let frame = 1; frame <= frames; frame++) {
    begin(frame);
    await pause(frameMs);
    const after = await busyMs(session);
    costs.push({ TaskDuration: after.TaskDuration - before.TaskDuration, ScriptDuration: after.ScriptDuration - before.ScriptDuration });
    before = after;
  }
  const usual = (part: keyof Busy) => median(costs.map((cost) => cost[part]).sort((a, b) => a - b));
  return { TaskDuration: usual('TaskDuration'), ScriptDuration: usual('ScriptDuration') };
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
  }
  times.sort((a, b) => a - b);
  say('first paint on loopback, median of 5', median(times));
  expect(median(times)).toBeLessThan(300 * busyFactor);
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
  const busy = await usualFrame(session, (frame) => {
    for (let id = 10_001 - running; id <= 10_000; id++) server.hub.move(String(id), { done: paces[pace](frame), bytesPerSecond: speedOf(frame) });
    server.hub.tick();
  });
  await page.locator('tr[data-job="10000"]').getByText(`${Math.floor(paces[pace](frames) / 1e7)} %`).waitFor();
  const cost = busy.TaskDuration - idle.TaskDuration;
  say(`main thread for a progress frame of ${running} jobs that move ${pace}, its own processor time, median of ${frames}`, cost);
  say('of which script', busy.ScriptDuration - idle.ScriptDuration);
  const bare = await bareFrame(drawn, running, pace);
  say('the same of a bare page', bare);
  expect(cost / bare).toBeLessThan(mostBareFrames);
  expect(complaints).toEqual([]);
});

/** What the browser draws again by itself costs the page next to nothing. */
const mostIdleShare = 0.25;

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
  const cost = moving.TaskDuration - still.TaskDuration;
  say(`main thread for ${running} jobs of unknown length in a tenth of a second, median of ${frames}`, cost);
  const bare = await bareFrame(running, running, 'by 1 % each');
  say('a progress frame of a bare page', bare);
  expect(cost / bare).toBeLessThan(mostIdleShare);
});

it('scrolling through ten thousand jobs', async () => {
  for (let count = 0; count < 10_000; count++) server.hub.add({ title: `file ${count}.iso`, state: 'succeeded', done: 1, total: 1 });
  await signedIn();
  await page.locator('tr[data-job="10000"]').waitFor();
  const gaps = await page.evaluate(async () => {
    const box = document.querySelector('.joblist')!;
    const gaps: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (let step = 0; step < 120; step++) {
      box.scrollTop += 600;
      const now = await new Promise<number>(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    return gaps.sort((a, b) => a - b);
  });
  say('frame while scrolling 600 pixels each, median of 120', median(gaps));
  say('frame while scrolling, slowest of 20', gaps[Math.floor(gaps.length * 0.95)] ?? 0);
  const bare = await openBarePage(1000);
  const bareGap = await bareScroll(bare, 120, 300);
  await bare.context().close();
  say('frame while scrolling a bare list', bareGap);
  expect(median(gaps)).toBeLessThan(bareGap + oneScreenFrameMs * busyFactor);
  const drawn = await page.locator('tr[data-job]').count();
  expect(drawn).toBeGreaterThan(10);
  expect(drawn).toBeLessThan(60);
});
