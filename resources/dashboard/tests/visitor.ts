import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest';
import { launchBrowser } from './browser.js';
import { FakeServer } from './fakeserver.js';

/**
 * A page in a browser with a server of its own for every test of the file that imports this.
 */

/** Where pictures of the page are put; none are taken without it. */
export const pictures = process.env['DRAY_PICTURES'];

export let browser: Browser;
export const built = { folder: inject('pageFolder') };
export let server: FakeServer;
export let url: string;
export let page: Page;
export let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  server = new FakeServer(built.folder);
  url = await server.listen();
});

afterEach(async () => {
  await page?.context().close();
  await server.stop().catch(() => undefined);
  expect(server.refused, 'messages that a hub does not take').toEqual([]);
});

/** Another server with the same hub, on the port of the one that was stopped. */
export async function serveAgain(port: number): Promise<void> {
  const again = new FakeServer(built.folder);
  Object.assign(again, { hub: server.hub });
  server = again;
  await server.listen(port);
}

export async function visit(path = '/', options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 720 }, ...options });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => !request.url().startsWith(url) && complaints.push(`asked ${request.url()}`));
  await page.goto(url + path);
}

export async function signedIn(options: BrowserContextOptions = {}): Promise<void> {
  server.oneTime.add('one-time');
  await visit('/#t=one-time', options);
  await page.locator('.badge.connected').waitFor();
}

export const row = (title: string) => page.locator('tbody tr', { hasText: title });
/** The button that opens the details of a job. */
export const opener = (id: string) => page.locator(`tr[data-job="${id}"] button[aria-expanded]`);
/** Presses the first button of that name. */
export const press = (label: string) => page.getByRole('button', { name: label }).first().click();

export async function picture(name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}
