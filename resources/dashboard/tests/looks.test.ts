import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { agentHistory, agents, drives, fill, fillWorkflows, history, pairing, settings, tokens } from './sample.js';
import { built, complaints, opener, page, picture, server, signedIn, url, visit } from './visitor.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const views = ['jobs', 'drives', 'workflows', 'workflows/w4', 'agents', 'agents/scanner-7', 'history', 'settings', 'server'] as const;
const themes: [string, BrowserContextOptions][] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['contrast', { contrast: 'more', reducedMotion: 'reduce' }],
  ['phone', { viewport: { width: 375, height: 760 }, deviceScaleFactor: 2, hasTouch: true }],
];

/** What axe-core says against the page as it is, one line for each. */
async function violations(): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
    const { violations: found } = await run.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
  });
}

async function withEverything(options: BrowserContextOptions): Promise<void> {
  fill(server.hub);
  fillWorkflows(server.hub);
  server.hub.agents.all = agents();
  server.hub.agents.history = agentHistory(Date.now());
  server.hub.drives = drives();
  server.hub.history = history();
  server.hub.settings = settings();
  server.hub.tokens = tokens();
  server.hub.pairings = pairing();
  server.hub.scopes = ['read', 'control', 'add', 'report', 'settings', 'flash', 'admin'];
  await signedIn({ bypassCSP: true, ...options });
}

async function goTo(view: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/${view}`);
  await page.locator(`nav a[href="#/${view.split('/')[0]}"][aria-current=page]`).waitFor();
  await page.waitForFunction(() => !/…$/m.test(document.querySelector('main p')?.textContent ?? ''));
}

/** What moves a bar of unknown length, and its stripes. */
function stripes(): Promise<string[]> {
  const bar = page.locator('.joblist [role=progressbar]:not([aria-valuenow])').first();
  return bar.evaluate((element) => [getComputedStyle(element).animationName, getComputedStyle(element, '::before').animationName]);
}

/** Nothing is wider than the window, the view and the list in it, and no number than its place. Answers what is, and by how much. */
async function overflow(): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('html, main, .joblist, .joblist .number > div, .joblist .percent')]
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => `${box.tagName}.${box.className} by ${box.scrollWidth - box.clientWidth}: ${box.textContent.slice(0, 40)}`),
  );
}

describe.each(themes)('in %s', (theme, options) => {
  it('every view is free of what axe-core can find', async () => {
    await withEverything(options);
    for (const view of views) {
      await goTo(view);
      await picture(`view-${view.replace('/', '-')}-${theme}`);
      expect(await violations(), view).toEqual([]);
      expect(await overflow(), view).toEqual([]);
    }
    await goTo('jobs');
    await opener('9').click();
    await picture(`view-details-${theme}`);
    expect(await violations(), 'details').toEqual([]);
  }, 90_000);

  it('signing in is free of it too', async () => {
    await visit('/', { bypassCSP: true, ...options });
    await page.getByLabel('Token').waitFor();
    expect(await violations()).toEqual([]);
  });
});

describe('other eyes and hands', () => {
  it('colours forced by the reader leave bars, choices and the present view visible', async () => {
    await withEverything({ forcedColors: 'active' });
    await picture('view-jobs-forced');
    const outline = await page.locator('nav a[aria-current=page]').evaluate((link) => getComputedStyle(link).outlineStyle);
    expect(outline).toBe('solid');
    expect(await page.locator('.joblist [role=progressbar][aria-valuenow]').first().evaluate((bar) => getComputedStyle(bar).forcedColorAdjust)).toBe('none');
  });

  it('reduced motion stops what moves by itself', async () => {
    await withEverything({ reducedMotion: 'reduce' });
    expect(await stripes()).toEqual(['none', 'none']);
  });

  it('what moves by itself stands still while nobody knows whether it is true', async () => {
    await withEverything({});
    expect((await stripes())[1]).not.toBe('none');
    await server.stop();
    await page.locator('.list.stale').waitFor();
    expect(await stripes()).toEqual(['none', 'none']);
  });

  it('speaks Arabic from right to left: nothing sticks out, bars fill from the right, numbers keep their units', async () => {
    await withEverything({ locale: 'ar-EG' });
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    for (const view of views) {
      await goTo(view);
      await picture(`view-${view.replace('/', '-')}-arabic`);
      expect(await overflow(), view).toEqual([]);
    }
    const box = await page.locator('nav').boundingBox();
    expect(box?.x).toBeGreaterThan(800);
    await goTo('jobs');
    expect(await page.locator('.joblist [role=progressbar][aria-valuenow]').first().evaluate((bar) => getComputedStyle(bar).backgroundPositionX)).toBe('100%');
    expect(await page.locator('tr[data-state=running] .number').first().innerText()).toMatch(/^\u2068[\d.]+\u00a0[KMG]iB\/s\u2069$/);
    await opener('9').click();
    await picture('view-details-arabic');
    expect(await page.locator('#details svg[role=img]').first().evaluate((drawing) => getComputedStyle(drawing).transform)).toContain('matrix(-1');
  });

  it('speaks German to who asks for it, and English after a choice that stays', async () => {
    await withEverything({ locale: 'de-AT' });
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    for (const view of views) {
      await goTo(view);
      await picture(`view-${view.replace('/', '-')}-german`);
      expect(await overflow(), view).toEqual([]);
    }
    await goTo('settings');
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByLabel('Language').waitFor();
    await page.reload();
    await page.getByLabel('Language').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  /** Texts that reach into what stands beside or above their cell, or are cut off. */
  const outsideTheirCells = (boxes: Element[]) =>
    boxes.filter((box) => {
      const range = document.createRange();
      range.selectNodeContents(box);
      const [text, cell] = [range, box.closest('td')!].map((part) => part.getBoundingClientRect()) as [DOMRect, DOMRect];
      const isInside = text.left >= cell.left && text.right <= cell.right && text.top >= cell.top && text.bottom <= cell.bottom;
      const { contain, overflow } = getComputedStyle(box);
      return !isInside || /paint|strict/.test(contain) || overflow !== 'visible';
    }).map((box) => box.textContent);

  it.each(['en-GB', 'de-AT', 'ar-EG'])('has room for the longest numbers in %s, and hides none when a reader spaces the letters out', async (locale) => {
    server.hub.add({ title: 'long', state: 'running', stage: 'transferring', done: 1_048_471_900, total: 1_073_636_900, bytesPerSecond: 1_048_471, etaSeconds: 86_340 });
    await signedIn({ locale, bypassCSP: true });
    await page.locator('.joblist .percent').waitFor();
    expect(await overflow()).toEqual([]);
    await page.addStyleTag({ content: '* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }' }); // WCAG 1.4.12
    expect(await page.locator('.joblist .number > div, .joblist .percent').evaluateAll(outsideTheirCells)).toEqual([]);
    await picture(`longest-${locale}`);
  });

  it('is dark by choice, at once and after a reload', async () => {
    await withEverything({});
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await goTo('settings');
    await page.getByLabel('Looks').selectOption('dark');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    expect(await background()).toBe(dark);
  });
});

it('can be installed: a manifest with icons that are there, all from this server', async () => {
  await signedIn();
  const manifest = JSON.parse(await readFile(join(built.folder, 'manifest.webmanifest'), 'utf8')) as { icons: { src: string }[] };
  const sizes = await page.evaluate((icons) => Promise.all(icons.map(async ({ src }) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    return `${src} ${image.naturalWidth}`;
  })), manifest.icons);
  expect(sizes).toEqual(['/icon.svg 150', '/icon-192.png 192', '/icon-512.png 512']);
  const session = await page.context().newCDPSession(page);
  const { errors, url: place } = (await session.send('Page.getAppManifest')) as { errors: unknown[]; url: string };
  expect(errors).toEqual([]);
  expect(place).toBe(`${url}/manifest.webmanifest`);
  const { installabilityErrors } = (await session.send('Page.getInstallabilityErrors')) as { installabilityErrors: { errorId: string }[] };
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  expect(complaints).toEqual([]);
});
