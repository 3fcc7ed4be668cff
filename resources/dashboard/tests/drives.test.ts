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
    expect(called('topic.subscribe')).toContainEqual({ topic: 'job:1' });
    await picture('flashing');
    expect(complaints).toEqual([]);
  });
});
