import { describe, expect, it } from 'vitest';
import { isLanguage, languageFor } from '../src/text/language.js';
import { ar } from '../src/text/ar/ar.js';
import { counted } from '../src/text/ar/counted.js';
import { de } from '../src/text/de/de.js';
import { en } from '../src/text/en/en.js';
import { withFresh, withOlder, type HistoryEntry } from '../src/history/history.js';
import { groupsOf, valueOf } from '../src/settings/settingrows.js';
import { linesOf, ratesOf } from '../src/server/metrics.js';
import { chartPath } from '../src/parts/chartpath.js';
import { scrollFor, seenRows } from '../src/jobs/window.js';
import { drives, history, pairing, settings, stick, tokens } from './sample.js';
import { complaints, page, press, server, signedIn } from './visitor.js';

const go = (view: string) => page.getByRole('link', { name: view }).click();
const called = (method: string) => server.hub.calls.filter((call) => call.method === method).map((call) => call.params);

describe('settings', () => {
  it('are changed where they stand, and say there why they cannot', async () => {
    server.hub.settings = settings();
    await signedIn();
    await go('Settings');
    await page.getByLabel('Connections of one download').fill('99');
    await page.keyboard.press('Enter');
    await page.locator('[data-setting="download.connections"]').getByRole('alert').filter({ hasText: '1 to 32' }).waitFor();
    await page.getByLabel('Connections of one download').fill('4');
    await page.keyboard.press('Enter');
    await page.locator('[data-setting="download.connections"]').getByText('Saved').waitFor();
    await page.getByLabel('All downloads together').fill('2M');
    await page.keyboard.press('Enter');
    await page.locator('[data-setting="limit.download"]').getByText('Saved').waitFor();
    await page.getByLabel('If the file exists').selectOption('skip');
    await page.getByLabel('When a job has failed').uncheck();
    await expect.poll(() => called('settings.set')).toEqual([
      { key: 'download.connections', value: 4 }, { key: 'limit.download', value: 2_097_152 }, { key: 'download.ifExists', value: 'skip' }, { key: 'notify.failed', value: false },
    ]);
    expect(await page.getByLabel('Download folder').getAttribute('readonly')).not.toBeNull();
    server.hub.command = () => {
      throw { code: -32602, message: 'Not right: times of day such as 23:00-07:00', data: { type: 'invalidArgument' } };
    };
    await page.getByLabel('Hours in which downloads run').fill('at night');
    await page.keyboard.press('Enter');
    await page.locator('[data-setting="queue.hours"]').getByRole('alert').filter({ hasText: '23:00-07:00' }).waitFor();
    await page.getByLabel('When a job has failed').click();
    await page.locator('[data-setting="notify.failed"]').getByRole('alert').waitFor();
    expect(await page.getByLabel('When a job has failed').isChecked()).toBe(false); // as it is, not as it was asked for
    expect(complaints).toEqual([]);
  });

  it.each([
    ['download.connections', '8', 8], ['download.connections', '33', undefined], ['download.connections', '1.5', undefined], ['download.connections', '', undefined],
    ['limit.download', '1K', 1024], ['limit.download', 'fast', undefined], ['download.folder', ' /x ', '/x'],
  ])('%s written as %j is %j', (key, written, value) => {
    const row = groupsOf(settings()).flatMap(({ rows }) => rows).find((known) => known.key === key)!;
    expect(valueOf(row, written)).toBe(value);
  });

  it('that the page does not know are shown by their key', () => {
    expect(groupsOf({ 'new.thing': true })).toEqual([{ name: 'new', rows: [{ key: 'new.thing', value: true, name: 'new.thing', hint: '', control: 'switch' }] }]);
  });
});

describe('who may come in', () => {
  it('is told to who may know, who lets in and revokes', async () => {
    server.hub.settings = settings();
    server.hub.scopes.push('admin');
    server.hub.tokens = tokens();
    server.hub.pairings = pairing();
    const command = server.hub.command.bind(server.hub);
    server.hub.command = (method, params) => (/^(token\.revoke|pair\.accept|token\.add)$/.test(method) ? { id: 't9', token: 'the-secret' } : command(method, params));
    await signedIn();
    await go('Settings');
    await page.getByText('Extension in Chrome shows the code 402 917').waitFor();
    await press('Let in');
    await press('Revoke: backup script');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    for (const word of ['pause and cancel', 'add', 'report']) await page.getByRole('checkbox', { name: word, exact: true }).uncheck();
    await page.getByLabel('Ends').selectOption('7 days');
    await page.getByLabel('Name of a token to make').fill('phone');
    const before = Date.now();
    await page.keyboard.press('Enter');
    await page.getByText('the-secret').waitFor();
    expect(called('pair.accept')).toEqual([{ pairing: 'p1' }]);
    expect(called('token.revoke')).toEqual([{ id: 't2' }]);
    const [{ expiresAt, ...made } = {}] = called('token.add');
    expect(made).toEqual({ name: 'phone', scopes: ['read'] });
    expect(expiresAt).toBeGreaterThanOrEqual(before + 7 * 86_400_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 7 * 86_400_000);
  });

  it('is made once, however often the button is pressed', async () => {
    server.hub.settings = settings();
    server.hub.scopes.push('admin');
    server.hub.tokens = tokens();
    const command = server.hub.command.bind(server.hub);
    server.hub.command = (method, params) => (method === 'token.add' ? { id: 't9', token: 'the-secret' } : command(method, params));
    await signedIn();
    await go('Settings');
    await page.getByLabel('Name of a token to make').fill('twice');
    await page.getByRole('button', { name: 'Make a token' }).evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await page.getByText('the-secret').waitFor();
    expect(called('token.add')).toHaveLength(1);
  });

  it('is not asked for by who may not know', async () => {
    server.hub.settings = settings();
    await signedIn();
    await go('Settings');
    await page.getByText('may not see who else is let in').waitFor();
    expect(called('token.list')).toEqual([]);
  });
});

describe('history', () => {
  it('has the figures of drives, and grows while it is looked at', async () => {
    server.hub.history = history();
    server.hub.add({ title: 'a.iso', state: 'running' });
    await signedIn();
    await go('History');
    await page.getByText('31.0 MiB/s, 96.0 MiB/s').waitFor();
    await page.getByText('1 place was written again').waitFor();
    server.hub.history = [{ ...history()[1], id: '9', title: 'fresh.iso' }, ...history()];
    server.hub.change('1', { state: 'succeeded' });
    await page.getByText('fresh.iso').waitFor();
  });

  it('keeps the older ones that were asked for while many jobs end, and asks seldom', async () => {
    server.hub.pageSize = 100;
    server.hub.history = Array.from({ length: 250 }, (_, index) => ({ ...history()[1], id: String(250 - index), title: `past ${250 - index}.iso` }));
    for (let count = 0; count < 45; count++) server.hub.add({ title: `${count}.iso`, state: 'running' });
    await signedIn();
    await go('History');
    await page.getByText('past 151.iso').waitFor();
    await press('Show older');
    await page.getByText('past 51.iso').waitFor();
    for (const { id } of [...server.hub.jobs.values()]) {
      server.hub.history = [{ ...history()[1], id: `job${id}`, title: `fresh ${id}.iso` }, ...server.hub.history];
      server.hub.change(id, { state: 'succeeded' });
      await page.getByRole('link', { name: 'History' }).evaluate(() => new Promise(requestAnimationFrame));
    }
    await page.getByText('fresh 45.iso').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(245);
    expect(await page.locator('tbody tr').first().innerText()).toContain('fresh 45.iso');
    expect(called('history.list').length).toBeLessThan(10);
  });

  it('begins anew where more came than a page holds', () => {
    const page = (ids: number[], next?: string) => ({ history: ids.map((id) => ({ id: String(id) }) as HistoryEntry), ...(next && { next }) });
    expect(withFresh(undefined, page([2, 1]))).toEqual(page([2, 1]));
    expect(withFresh(page([3, 2], '2'), page([5, 4, 3]))).toEqual(page([5, 4, 3, 2], '2'));
    expect(withFresh(page([3, 2], '2'), page([9, 8], '8'))).toEqual(page([9, 8], '8'));
    expect(withOlder(page([3, 2], '2'), '2', page([1]))).toEqual(page([3, 2, 1]));
    expect(withOlder(page([9, 8], '8'), '2', page([1]))).toEqual(page([9, 8], '8'));
  });
});

describe('drives for who may use them', () => {
  it('are read, compared, erased after a proof, and ejected', async () => {
    server.hub.drives = drives();
    server.hub.scopes.push('flash');
    const command = server.hub.command.bind(server.hub);
    server.hub.command = (method, params) => (method === 'job.add' ? { job: server.hub.add({ kind: String(params['kind']) }) } : command(method, params));
    await signedIn();
    await go('Drives');
    const work = (path: string, name: string) => page.locator('tr[data-drive]', { hasText: path }).getByRole('button', { name }).click();
    const dialog = page.getByRole('dialog');
    await work('/dev/sdb', 'Read');
    await dialog.getByRole('textbox').fill('relative.img');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').filter({ hasText: 'begins with a slash' }).waitFor();
    await dialog.getByRole('textbox').fill('/images/stick.img');
    await page.keyboard.press('Enter');
    await page.getByText('Reading has begun').waitFor();
    await work('/dev/sdb', 'Compare');
    await dialog.getByRole('textbox').fill('/images/stick.img');
    await page.keyboard.press('Enter');
    await page.getByText('Comparing has begun').waitFor();
    await work('/dev/sdb', 'Erase');
    await dialog.getByText('Everything on Kingston DataTraveler').waitFor();
    expect(await dialog.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true);
    await dialog.getByLabel('last 4').fill('0A4B');
    await dialog.getByLabel('File system').selectOption('fat32');
    await dialog.getByLabel('Name of the drive').fill('STICK');
    await dialog.getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Erasing has begun').waitFor();
    await work('/dev/sdc', 'Eject');
    await page.getByText('can be unplugged').waitFor();
    const { id } = stick('b');
    expect(called('job.add')).toEqual([
      { kind: 'read', drive: id, to: '/images/stick.img' }, { kind: 'compare', drive: id, image: '/images/stick.img' },
      { kind: 'format', drive: id, fileSystem: 'fat32', label: 'STICK', erase: [id] },
    ]);
    expect(called('device.eject')).toEqual([{ drive: stick('c').id }]);
  });
});

describe('languages', () => {
  const keysOf = (table: object, path = ''): string[] =>
    Object.entries(table).flatMap(([key, value]) => (typeof value === 'object' ? keysOf(value as object, `${path}${key}.`) : [path + key])).sort();

  it.each([['German', de], ['Arabic', ar]] as const)('have the same sentences in %s, none of them empty where English has words', (_, table) => {
    expect(keysOf(table)).toEqual(keysOf(en));
    const empty = (words: object): string[] => keysOf(words).filter((path) => path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], words) === '');
    expect(empty(table)).toEqual(empty(en));
  });

  it('leave no sentence of the Arabic table in English', () => {
    const sentences = (table: object): string[] => Object.values(table).flatMap((value) => (typeof value === 'object' ? sentences(value as object) : typeof value === 'string' ? [value] : []));
    const foreign = sentences(ar).filter((words) => /[A-Za-z]/.test(words) && !/[\u0600-\u06ff]/.test(words)).sort();
    expect(foreign).toEqual(['Dray', 'SHA-256', 'drayctl token add NAME', '\u2068/home/me/Downloads/debian.iso\u2069', '\u2068Referer: https://example.org/\u2069']);
  });

  it.each([
    [0, 'zero'], [1, 'one'], [2, 'two'], [3, 'few'], [10, 'few'], [11, 'many'], [99, 'many'], [100, 'other'], [102, 'other'], [103, 'few'], [111, 'many'],
  ])('count %i in Arabic with the form for %s', (count, form) => {
    expect(counted(count, { zero: 'zero', one: 'one', two: 'two', few: 'few', many: 'many', other: 'other' })).toBe(form);
  });

  it.each([
    [null, ['de-AT', 'en'], 'de'], [null, ['fr', 'en-GB'], 'en'], [null, [], 'en'], ['en', ['de'], 'en'], ['xx', ['de'], 'de'], [null, ['toString'], 'en'], [null, ['ar-EG'], 'ar'],
  ] as const)('chosen %j and wanted %j is %s', (chosen, wanted, language) => {
    expect(languageFor(chosen, wanted)).toBe(language);
    expect(isLanguage('constructor')).toBe(false);
  });
});

describe('what is drawn', () => {
  it('is what is seen and a little more', () => {
    expect(seenRows(10_000, 40, 4000, 400)).toEqual([96, 114]);
    expect(seenRows(3, 40, 0, 400)).toEqual([0, 3]);
    expect(seenRows(3, 40, 9000, 400)).toEqual([3, 3]);
    expect(scrollFor(5, 40, { top: 0, height: 400, head: 35 })).toBe(0);
    expect(scrollFor(20, 40, { top: 0, height: 400, head: 35 })).toBe(475);
    expect(scrollFor(2, 40, { top: 500, height: 400, head: 35 })).toBe(80);
  });

  it('is a line to the right edge, and the growth of counters', () => {
    expect(chartPath([1], 10, 90, 60)).toBeUndefined();
    expect(chartPath([0, 10], 10, 90, 60)).toEqual({ path: 'M80.0 59.0L90.0 2.0', begin: 80 });
    const sample = (time: number, sent: number) => ({ time, metrics: { sent: { event: sent, reply: 1 } } });
    expect(ratesOf([sample(0, 0), sample(2000, 10), sample(4000, 0)], 'sent')).toEqual([5, 0]);
    expect(linesOf({ a: 1, b: { x: 2 } })).toEqual([{ name: 'a', value: 1 }, { name: 'b x', value: 2 }]);
  });
});
