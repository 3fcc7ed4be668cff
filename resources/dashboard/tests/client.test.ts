import type { DrayClient } from 'dray-client';
import { describe, expect, it } from 'vitest';
import { page, serveAgain, server, signedIn, url } from './visitor.js';

// The client library in a real browser: its sockets, timers and promises are Chromium's. The page's one client is
// reached as everything else in a page reaches it, see getDrayClient.

type Answer = { done?: unknown; failed?: string };

/** Calls the page's client and keeps the answer for `answerTo`. */
async function call(name: string, method: string, params: object = {}): Promise<void> {
  await page.evaluate(
    ({ name, method, params }) => {
      const place = globalThis as unknown as Record<symbol, DrayClient> & { answers: Record<string, Answer> };
      const answers = (place.answers ??= {});
      const client = place[Symbol.for('dray.client')]!;
      client.call(method, params as never).then(
        (done) => (answers[name] = { done }),
        (error: { kind: string }) => (answers[name] = { failed: error.kind }),
      );
    },
    { name, method, params },
  );
}

function answerTo(name: string): Promise<Answer | undefined> {
  return page.evaluate((name) => (globalThis as unknown as { answers?: Record<string, Answer> }).answers?.[name], name);
}

function isConnected(): Promise<boolean> {
  return page.evaluate(() => (globalThis as unknown as Record<symbol, DrayClient>)[Symbol.for('dray.client')]!.isConnected);
}

const tell = (verb: 'connect' | 'disconnect') =>
  page.evaluate((verb) => (globalThis as unknown as Record<symbol, DrayClient>)[Symbol.for('dray.client')]![verb](), verb);

describe('a call while the hub is away', () => {
  it('waits for it when it may be done twice, and is refused at once else', async () => {
    server.hub.add({ title: 'waits.iso', state: 'running' });
    await signedIn();
    const port = Number(new URL(url).port);
    await server.stop();
    await page.locator('.badge.connected').waitFor({ state: 'detached' });
    await call('pause', 'job.pause', { job: '1' });
    await call('add', 'job.add', { url: 'http://host/a' });
    await call('keyed', 'job.add', { url: 'http://host/b', idem: 'key' });
    await expect.poll(() => answerTo('add')).toEqual({ failed: 'offline' });
    expect(await answerTo('pause')).toBeUndefined();
    await serveAgain(port);
    await expect.poll(() => answerTo('pause'), { timeout: 20_000 }).toMatchObject({ done: { job: { state: 'paused' } } });
    await expect.poll(() => answerTo('keyed')).toMatchObject({ done: { job: {} } });
    expect(server.hub.jobs.size).toBe(2);
  });
});

describe('a client that disconnects', () => {
  it('closes its socket as one does, and stays away until it is told to come back', async () => {
    await signedIn();
    await tell('disconnect');
    await expect.poll(() => server.closed).toEqual([1000]);
    expect(server.hub.connections.size).toBe(0);
    expect(await isConnected()).toBe(false);
    const status = await page.evaluate(() => {
      window.dispatchEvent(new Event('online')); // a client that is only offline tries at once
      return (globalThis as unknown as Record<symbol, DrayClient>)[Symbol.for('dray.client')]!.status.value;
    });
    expect(status).toBe('offline');
    await tell('connect');
    await expect.poll(isConnected).toBe(true);
    expect(server.hub.connections.size).toBe(1);
    expect(server.closed).toEqual([1000]);
  });

  it('fails the calls that wait', async () => {
    await signedIn();
    await server.stop();
    await page.locator('.badge.connected').waitFor({ state: 'detached' });
    await call('list', 'job.list');
    expect(await answerTo('list')).toBeUndefined();
    await tell('disconnect');
    await expect.poll(() => answerTo('list')).toEqual({ failed: 'offline' });
  });
});
