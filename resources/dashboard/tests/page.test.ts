import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fill, history, settings } from './sample.js';
import { built, complaints, opener, page, picture, pictures, press, row, serveAgain, server, signedIn, url, visit } from './visitor.js';

describe('what is delivered', () => {
  it('has nothing inline', async () => {
    const html = await readFile(join(built.folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|data:/);
  });

  it.each(['en-GB', 'de-DE'])('fits its budget for a reader of %s', async (locale) => {
    await signedIn({ locale });
    const paths = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
    const scripts = await Promise.all(paths.filter((path) => path.endsWith('.js')).map((path) => readFile(join(built.folder, path))));
    const size = scripts.reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);
    console.log(`page script, ${locale}: ${(size / 1024).toFixed(1)} KiB gzipped in ${scripts.length} files`);
    expect(size).toBeLessThan(80_000);
  });
});

describe('signing in', () => {
  it('takes the one-time token out of the address at once and stays signed in after a reload', async () => {
    await signedIn();
    expect(page.url()).toBe(`${url}/`);
    await page.reload();
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('says so when the link was used already, and takes a token', async () => {
    await visit('/#t=used');
    await page.getByRole('alert').filter({ hasText: 'used already' }).waitFor();
    await picture('signin');
    await page.getByLabel('Token').fill('wrong');
    await press('Sign in');
    await page.getByRole('alert').filter({ hasText: 'does not know this token' }).waitFor();
    await page.getByLabel('Token').fill('session-token');
    await press('Sign in');
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
  });

  it('asks to be let in with a code that both sides show', async () => {
    await visit();
    await press('Ask to be let in');
    await expect.poll(() => server.asking.length).toBe(1);
    const { params, answer } = server.asking[0]!;
    const code = String(params['code']);
    expect(code).toMatch(/^\d{6}$/);
    expect(params).toMatchObject({ name: 'Page in Chrome', kind: 'page' });
    await page.getByRole('status').filter({ hasText: `${code.slice(0, 3)} ${code.slice(3)}` }).waitFor();
    await picture('pairing');
    answer({ result: { token: 'session-token', scopes: ['read'] } });
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    await page.reload();
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([
    ['forbidden', -32002, 'was not let in'],
    ['rateLimited', -32005, 'too many requests'],
    ['timeout', -32603, 'Nobody answered'],
    ['noSpace', -32603, 'could not let this page in'],
  ])('says why it was not let in: %s', async (type, code, words) => {
    await visit();
    await press('Ask to be let in');
    await expect.poll(() => server.asking.length).toBe(1);
    server.asking[0]!.answer({ error: { code, message: 'no', data: { type } } });
    await page.getByRole('alert').filter({ hasText: words }).waitFor();
    await press('Ask to be let in');
    await press('Do not ask');
    await page.getByLabel('Token').fill('session-token');
    await press('Sign in');
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
  });

  it('says so when nothing answers the one who asks', async () => {
    await visit();
    server.isSocketRefused = true;
    await press('Ask to be let in');
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
  });

  it('is asked for when the token is revoked', async () => {
    await signedIn();
    server.hub.dropAll(4505);
    await page.locator('.badge', { hasText: 'Not signed in' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});

describe('the list', () => {
  it('shows every state, moves live, and titles the tab', async () => {
    fill(server.hub);
    await signedIn();
    expect(await page.locator('tbody tr').count()).toBe(9);
    server.hub.move('6', {});
    server.hub.change('6', { state: 'running', stage: 'transferring', bytesPerSecond: 5_242_880, etaSeconds: 75 });
    await row('linux-6.18').locator('td').getByText('5.0 MiB/s').waitFor();
    await row('linux-6.18').locator('td').getByText('1 min 15 s').waitFor();
    server.hub.move('6', { done: 148 * 1024 * 1024 });
    server.hub.tick();
    await row('linux-6.18').locator('td').getByText('99 %').waitFor();
    await expect.poll(() => page.title()).toContain('4 active');
    expect(complaints).toEqual([]);
  });

  it('ends with the newest numbers of every job when no frame follows', async () => {
    for (let count = 0; count < 12; count++) server.hub.add({ title: `${count}.iso`, state: 'running', stage: 'transferring', done: 0, total: 100 });
    await signedIn();
    await page.locator('tbody tr').nth(11).waitFor();
    for (const done of [20, 40]) {
      for (let id = 1; id <= 12; id++) server.hub.move(String(id), { done });
      server.hub.tick();
    }
    await expect.poll(() => page.locator('tbody .percent').allTextContents()).toEqual(Array(12).fill('40 %'));
  });

  it('tells a change of state to screen readers', async () => {
    server.hub.add({ title: 'a.iso', state: 'running' });
    await signedIn();
    server.hub.change('1', { state: 'succeeded' });
    await page.locator('[aria-live=polite]', { hasText: 'a.iso: Finished' }).waitFor({ state: 'attached' });
  });

  it('shows names as text, never as HTML', async () => {
    server.hub.add({ title: '<img src=x onerror=alert(1)>', state: 'running' });
    await signedIn();
    await row('<img src=x').waitFor();
    expect(await page.locator('tbody img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('can be filtered and searched', async () => {
    fill(server.hub);
    await signedIn();
    await press('Finished');
    expect(await page.locator('tbody tr').count()).toBe(2);
    await press('All');
    await page.getByRole('searchbox').fill('DEBIAN');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('searchbox').fill('nothing such');
    await page.getByText('No job matches').waitFor();
  });

  it('opens the details of a job', async () => {
    fill(server.hub);
    await signedIn();
    await opener('2').click();
    await page.getByText('dfc30e04fd095ac2').waitFor();
    await opener('1').click();
    await page.locator('.error', { hasText: 'The disk is full' }).waitFor();
  });
});

describe('commands', () => {
  it('are out of reach of a sign-in that may only look', async () => {
    server.hub.scopes.splice(0, Infinity, 'read');
    fill(server.hub);
    await signedIn();
    const buttons = page.locator('tr[data-job] .actions button:not([aria-label^=Save])');
    await buttons.first().waitFor();
    for (const button of await buttons.all()) expect(await button.isDisabled(), (await button.getAttribute('aria-label')) ?? '').toBe(true);
    expect(await buttons.first().getAttribute('title')).toBe('This sign-in may not do that.');
  });

  it('add a download with a name and a checksum', async () => {
    await signedIn();
    await page.getByText('Options').click();
    await page.getByLabel('Save as').fill('b.iso');
    await page.getByLabel('Expected SHA-256').fill('AB'.repeat(32));
    await page.getByLabel('Unpack when finished').check();
    await page.getByLabel('Move to when finished').fill(' /home/me/films');
    await page.getByLabel('Address of a file').fill('https://example.org/a.iso');
    await page.keyboard.press('Enter');
    await page.locator('tbody tr').waitFor();
    const call = server.hub.calls.find((message) => message.method === 'job.add');
    expect(call?.params).toMatchObject({ kind: 'download', url: 'https://example.org/a.iso', name: 'b.iso', sha256: 'ab'.repeat(32) });
    expect(call?.params?.['after']).toEqual(['extract', { move: '/home/me/films' }]);
    expect(call?.params?.['idem']).toMatch(/^[0-9a-f]{32}$/);
    await expect.poll(() => page.getByLabel('Address of a file').inputValue()).toBe('');
    expect(await page.getByLabel('Move to when finished').inputValue()).toBe('');
  });

  it('add video or sound of a page, in a category', async () => {
    server.hub.settings['download.categories'] = '[{"name":"Talks","folder":"talks"}]';
    await signedIn();
    await page.getByText('Options').click();
    await page.getByLabel('Expected SHA-256').fill('AB'.repeat(32));
    await page.getByLabel('Fetch').selectOption('video');
    await page.getByLabel('Quality').selectOption('720');
    await page.getByLabel('Category').selectOption('Talks');
    await page.getByLabel('If it exists').selectOption('skip');
    expect(await page.getByLabel('Expected SHA-256').count()).toBe(0);
    await picture('options');
    await page.getByLabel('Address of a file').fill('https://example.org/talk');
    await page.keyboard.press('Enter');
    await page.locator('tbody tr').waitFor();
    await page.getByLabel('Fetch').selectOption('sound');
    await page.getByLabel('Address of a file').fill('https://example.org/song');
    await page.keyboard.press('Enter');
    await page.locator('tbody tr').nth(1).waitFor();
    const specs = server.hub.calls.filter((call) => call.method === 'job.add').map(({ params: { idem, ...spec } = {} }) => (idem ? spec : {}));
    expect(specs).toEqual([
      { kind: 'media', url: 'https://example.org/talk', format: 'bv*[height<=720]+ba/b[height<=720]', category: 'Talks', ifExists: 'skip' },
      { kind: 'media', url: 'https://example.org/song', audioOnly: true, category: 'Talks', ifExists: 'skip' },
    ]);
    expect(complaints).toEqual([]);
  });

  it('move, limit and give a new link', async () => {
    server.hub.add({ title: 'a.iso', state: 'queued' });
    server.hub.add({ title: 'b.iso', state: 'failed', error: { code: 'linkExpired', message: 'Link expired: 403' } });
    await signedIn();
    await opener('1').click();
    await press('To the top: a.iso');
    await press('To the bottom: a.iso');
    await press('Speed limit: a.iso');
    await page.getByRole('dialog').getByRole('textbox').fill('fast');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: '500K' }).waitFor();
    await page.getByRole('dialog').getByRole('textbox').fill('2M');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Speed limit: 2.0 MiB/s: a.iso' }).waitFor();
    await picture('orders');
    await opener('2').click();
    await press('New link: b.iso');
    await page.getByRole('dialog').getByRole('textbox').fill(' https://example.org/b2.iso ');
    await picture('newlink');
    await press('Use it');
    await page.locator('tr[data-job="2"][data-state=queued]').waitFor();
    const calls = server.hub.calls.filter(({ method }) => /move|setLimit|refreshUrl/.test(method ?? '')).map(({ method, params }) => [method, params]);
    expect(calls).toEqual([
      ['job.move', { job: '1', to: 'top' }],
      ['job.move', { job: '1', to: 2 }],
      ['job.setLimit', { job: '1', bytesPerSecond: 2_097_152 }],
      ['job.refreshUrl', { job: '2', url: 'https://example.org/b2.iso' }],
    ]);
    expect(complaints).toEqual([]);
  });

  it('pause, resume, cancel after asking, retry and remove', async () => {
    server.hub.add({ title: 'a.iso', state: 'running', done: 5000 });
    await signedIn();
    await press('Pause: a.iso');
    await press('Resume: a.iso');
    await press('Cancel: a.iso');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep going' }).click();
    await press('Cancel: a.iso');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click();
    await press('Try again: a.iso');
    await press('Pause: a.iso');
    await press('Cancel: a.iso');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click();
    await press('Remove from the list: a.iso');
    await page.getByText('Nothing here yet').waitFor();
    const verbs = server.hub.calls.map((call) => call.method).filter((method) => /pause|resume|cancel|retry|remove/.test(method ?? ''));
    expect(verbs).toEqual(['job.pause', 'job.resume', 'job.cancel', 'job.retry', 'job.pause', 'job.cancel', 'job.remove']);
  });

  it('save a finished file through a ticket', async () => {
    server.hub.add({ title: 'a.iso', state: 'succeeded' });
    await signedIn();
    const download = page.waitForEvent('download');
    await press('Save to this computer: a.iso');
    expect((await download).url()).toBe(`${url}/api/v1/jobs/1/file?ticket=ticket-1`);
  });

  it('say in a sentence why they failed', async () => {
    server.hub.add({ title: 'a.iso', state: 'running' });
    await signedIn();
    server.hub.command = () => {
      throw { code: -32004, message: 'Not possible in this state', data: { type: 'invalidState' } };
    };
    await press('Pause: a.iso');
    await page.getByRole('alert').filter({ hasText: 'a.iso: That is not possible in its present state.' }).waitFor();
  });
});

it('shows what the hub wants everybody to know, until it is dismissed', async () => {
  await signedIn();
  server.hub.notice('The database cannot be written.');
  await page.getByRole('alert').filter({ hasText: 'The database cannot be written.' }).waitFor();
  await press('Dismiss');
  expect(await page.getByRole('alert').count()).toBe(0);
});

describe('the connection', () => {
  it('is called offline when it is, and the list is caught up afterwards', async () => {
    fill(server.hub);
    await signedIn();
    const port = Number(new URL(url).port);
    await server.stop();
    await page.locator('.badge', { hasText: 'Offline' }).waitFor();
    await page.getByText('Offline since').first().waitFor();
    expect(await page.title()).toContain('Offline');
    expect(await page.getByRole('button', { name: /^Pause/ }).first().isDisabled()).toBe(true);
    await picture('offline');
    await press('Try now');
    server.hub.change('6', { state: 'running', stage: 'verifying' });
    await serveAgain(port);
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    await row('linux-6.18').locator('td').getByText('Verifying').waitFor();
  });

  it.each([['History', 'holiday-2026.tar.zst'], ['Settings', 'Download folder']])('that comes back fills %s that was opened without it', async (view, known) => {
    server.hub.history = history();
    server.hub.settings = settings();
    await signedIn();
    const port = Number(new URL(url).port);
    await server.stop();
    await page.locator('.badge', { hasText: 'Offline' }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: view }).click();
    await expect.poll(() => page.url()).toContain(`#/${view.toLowerCase()}`);
    await press('Try now');
    await serveAgain(port);
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    await page.getByText(known).first().waitFor();
  });

  it('polls where WebSockets are blocked, and says so', async () => {
    fill(server.hub);
    server.isSocketRefused = true;
    server.oneTime.add('one-time');
    await visit('/#t=one-time');
    await page.locator('.badge', { hasText: 'Polling' }).waitFor();
    server.hub.change('6', { state: 'running', stage: 'verifying' });
    await row('linux-6.18').locator('td').getByText('Verifying').waitFor();
    await press('Pause: linux-6.18.tar.xz');
    await press('Resume: linux-6.18.tar.xz');
  });
});

describe.runIf(pictures)('pictures', () => {
  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 375, height: 760 }, deviceScaleFactor: 2 }],
    ['tablet', { viewport: { width: 820, height: 900 } }],
  ] as [string, BrowserContextOptions][])('%s', async (name, options) => {
    fill(server.hub);
    await signedIn(options);
    await picture(name);
    await opener('9').click();
    await picture(`${name}-details`);
  });

  it('dialog and empty', async () => {
    await signedIn();
    await picture('empty');
    server.hub.add({ title: 'a.iso', state: 'running', done: 500_000_000 });
    await press('Cancel: a.iso');
    await picture('dialog');
  });
});
