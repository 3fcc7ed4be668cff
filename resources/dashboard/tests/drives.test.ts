import { describe, expect, it } from 'vitest';
import { drives, stick } from './sample.js';
import { complaints, opener, page, picture, press, row, server, signedIn } from './visitor.js';

describe('drives', () => {
  const drive = (path: string) => page.locator('tr[data-drive]', { hasText: path });
  const box = (path: string) => drive(path).getByRole('checkbox');
  const image = () => page.getByLabel('Image on the computer');
  const called = (method: string) => server.hub.calls.filter((call) => call.method === method).map((call) => call.params);

  async function opened(scopes: string[] = []): Promise<void> {
    server.hub.drives = drives();
    server.hub.scopes.push(...scopes);
    await signedIn();
    await page.getByRole('link', { name: 'Drives' }).click();
    await drive('/dev/sdc').waitFor();
  }

  it('come and go at once, and nothing is chosen by itself', async () => {
    await opened();
    expect(await box('/dev/nvme0n1').isDisabled()).toBe(true);
    expect(await drive('/dev/nvme0n1').innerText()).toContain('never written');
    expect(await page.locator('tr[data-drive] input:checked').count()).toBe(0);
    await box('/dev/sdb').check();
    await box('/dev/sdc').check();
    await picture('drives');
    const [, , blank] = server.hub.drives;
    server.hub.unplug(stick('c').id);
    if (blank) server.hub.plug(blank);
    server.hub.plug(stick('d'));
    await drive('/dev/sdd').waitFor();
    expect(await box('/dev/sdb').isChecked()).toBe(true);
    expect(await box('/dev/sdc').isChecked()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('are written after a yes in the window', async () => {
    await opened();
    await image().fill('/images/debian.iso');
    await box('/dev/sdb').check();
    await press('Ask to write');
    await page.getByRole('status').filter({ hasText: 'Waiting for your yes in the window' }).waitFor();
    await page.getByRole('link', { name: 'Jobs' }).click();
    await row('debian.iso').locator('td').getByText('Waiting for your yes').waitFor();
    expect(called('flash.prepare')).toEqual([{ image: '/images/debian.iso', drives: [stick('b').id] }]);
    expect(called('job.add')).toEqual([]);
  });

  it('are erased by a session that may, when each that holds something is proven', async () => {
    await opened(['flash']);
    await image().fill('/images/debian.iso');
    await box('/dev/sdb').check();
    await box('/dev/sdc').check();
    await press('Erase and write');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('/media/ada/HOLIDAY').waitFor();
    const erase = dialog.getByRole('button', { name: 'Erase and write' });
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel('last 4').fill('0a4B');
    await picture('erase');
    await erase.click();
    await page.getByText('Writing has begun').waitFor();
    const ids = [stick('b').id, stick('c').id];
    expect(called('job.add')).toEqual([{ kind: 'flash', image: '/images/debian.iso', drives: ids, erase: ids }]);
  });

  const held = (letter: string, risks: string[]) => ({ drive: stick(letter).id, serial: stick(letter).serial, size: 1, words: `Kingston ${letter}`, contents: risks.length > 0 ? 'HOLIDAY (vfat) - careful: it is mounted' : 'nothing', risks });

  it('that another program wants to erase are shown in its words, and nothing is agreed to beforehand', async () => {
    await opened(['flash']);
    server.hub.questions = [{ job: '1', image: 'debian.iso', owner: 'local', asker: 'nightly', cautions: ['it is smaller than it says'], expiresAt: 0, erases: [held('b', ['mounted']), held('c', [])] }];
    server.hub.add({ kind: 'flash', title: 'debian.iso', state: 'queued', stage: 'awaitingConfirmation' });
    await page.getByText('debian.iso waits for a yes').waitFor();
    await press('Look and answer');
    const dialog = page.getByRole('dialog');
    for (const told of ['Everything on it is erased: HOLIDAY (vfat) - careful: it is mounted.', '“nightly” wants to erase', 'it is smaller than it says']) await dialog.getByText(told).waitFor();
    const yes = dialog.getByRole('button', { name: 'Erase and write' });
    expect(await dialog.locator('input:checked').count()).toBe(0);
    await dialog.getByLabel('Kingston b: Type the last 4').fill('60A4');
    await dialog.getByLabel('Erase this one: Kingston c').check();
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByLabel('Kingston b: Type the last 4').fill('0a4b');
    await picture('held');
    await yes.click();
    await page.getByText('debian.iso waits for a yes').waitFor({ state: 'detached' });
    expect(called('flash.confirm')).toEqual([{ job: '1', erase: [stick('b').id, stick('c').id] }]);
  });

  it.each([
    ['not offered to who may not erase', [], 0],
    ['gone when it was answered elsewhere', ['flash'], 1],
  ] as const)('that another program wants to erase: the question is %s', async (_, scopes, shown) => {
    await opened([...scopes]);
    server.hub.add({ kind: 'flash', title: 'debian.iso', state: 'queued', stage: 'awaitingConfirmation' });
    await page.getByRole('link', { name: 'Jobs' }).click();
    await row('debian.iso').locator('td').getByText('Waiting for your yes').waitFor();
    expect(await page.getByText('waits for a yes').count()).toBe(shown);
    if (shown === 0) return;
    await press('Look and answer');
    await page.getByRole('alert').getByText('It was answered meanwhile').waitFor();
    server.hub.change('1', { state: 'running', stage: 'writing' });
    await page.getByText('waits for a yes').waitFor({ state: 'detached' });
  });

  it('are shown each in the details of a job', async () => {
    const failed = { id: 'usb-gone', state: 'failed', done: 0, error: { code: 'deviceGone', message: 'Unplugged: /dev/sdx' } } as const;
    await opened();
    server.hub.add({ kind: 'flash', title: 'debian.iso', state: 'running', stage: 'writing', done: 300, total: 800,
      drives: [{ id: stick('b').id, state: 'running', done: 300 }, failed] });
    await page.getByRole('link', { name: 'Jobs' }).click();
    await opener('1').click();
    const list = page.getByLabel('Progress of each drive', { exact: true });
    await list.getByText('Kingston DataTraveler (/dev/sdb)').waitFor();
    await list.getByText('The USB drive was unplugged. /dev/sdx').waitFor();
    await list.getByRole('progressbar').waitFor();
    const pause = page.getByRole('button', { name: 'Pause: debian.iso' });
    expect(await pause.isDisabled()).toBe(false);
    await expect.poll(() => called('topic.subscribe')).toContainEqual({ topic: 'job:1' });
    await picture('flashing');
    expect(complaints).toEqual([]);
  });
});
