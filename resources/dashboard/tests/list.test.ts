import { describe, expect, it } from 'vitest';
import { fill } from './sample.js';
import { complaints, opener, page, picture, press, server, signedIn } from './visitor.js';

const jobRow = (id: string) => page.locator(`tr[data-job="${id}"]`);
const selected = () => page.locator('tr[aria-selected=true]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['job']));
const shown = () => page.locator('tr[data-job]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['job']));
const called = (method: string) => server.hub.calls.filter((call) => call.method === method).map((call) => call.params?.['job']);

const topics = (method: string) => server.hub.calls.filter((call) => call.method === method && String(call.params?.['topic']).startsWith('job:')).map((call) => call.params?.['topic']);

/** As fast as a browser repeats it. */
async function holdKey(key: string, count: number): Promise<void> {
  await page.evaluate(async ({ key, count }) => {
    for (let pressed = 0; pressed < count; pressed++) {
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
    }
  }, { key, count });
}

/** Jobs 1 to `count` in the queue, 1 first. */
function queue(count: number): void {
  for (let place = 1; place <= count; place++) server.hub.add({ title: `${place}.iso`, state: 'queued', position: place * 10 });
}

describe('ten thousand jobs', () => {
  it('are a list of which only what is seen is drawn, to its very end', async () => {
    for (let count = 0; count < 10_000; count++) server.hub.add({ title: `file ${count}.bin`, state: 'succeeded', done: 1024, total: 1024 });
    await signedIn();
    await jobRow('10000').waitFor();
    await page.getByRole('button', { name: 'All 10,000' }).waitFor();
    expect(await page.locator('tr[data-job]').count()).toBeLessThan(60);
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
    await jobRow('10000').click({ position: { x: 200, y: 4 } });
    await page.keyboard.press('End');
    await jobRow('1').waitFor();
    await expect.poll(() => jobRow('1').evaluate((row) => row === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowUp');
    expect(await selected()).toEqual(['2']);
    await page.keyboard.press('Home');
    await jobRow('10000').waitFor();
    await page.getByRole('searchbox').fill('file 77.bin');
    await jobRow('78').waitFor();
    expect(await shown()).toEqual(['78']);
    expect(complaints).toEqual([]);
  });

  it('are paused all at once within the limits of a connection', async () => {
    for (let count = 0; count < 500; count++) server.hub.add({ title: `file ${count}.bin`, state: 'queued', position: count + 1 });
    await signedIn();
    await jobRow('500').waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('status').filter({ hasText: '500 selected' }).waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Resume' }).waitFor();
    expect(called('job.pause')).toHaveLength(500);
    expect(server.messages).toBeLessThan(25);
  });
});

describe('the focus', () => {
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['job']);
  const tabbable = () => page.locator('tr[data-job][tabindex="0"]').count();

  it('stays in the list when its row is scrolled away', async () => {
    queue(200);
    await signedIn();
    await jobRow('200').click({ position: { x: 200, y: 6 } });
    await page.locator('.joblist').evaluate((box) => (box.scrollTop = 4000));
    await jobRow('100').waitFor();
    await expect.poll(focused).not.toBe('200');
    expect(await focused()).toBeDefined();
    expect(await tabbable()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await jobRow('199').waitFor(); // it goes on from the row that was chosen
    await expect.poll(focused).toBe('199');
  });

  it('goes to the row that takes the place of a removed one', async () => {
    queue(6);
    await signedIn();
    await jobRow('4').click({ position: { x: 200, y: 6 } });
    server.hub.remove('4');
    await jobRow('4').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('3');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('2');
  });

  it('is left where the reader put it', async () => {
    queue(6);
    await signedIn();
    await jobRow('4').click({ position: { x: 200, y: 6 } });
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    server.hub.remove('4');
    await jobRow('4').waitFor({ state: 'detached' });
    expect(await focused()).toBeUndefined();
  });
});

describe('a question about a job', () => {
  const question = () => page.getByRole('dialog').getByRole('button', { name: 'Cancel job' });
  const isInList = () => page.evaluate(() => document.activeElement?.closest('.joblist') !== null);

  it('stays when its row is pushed out of sight', async () => {
    queue(3);
    await signedIn();
    await press('Cancel: 2.iso');
    await question().waitFor();
    queue(100);
    await jobRow('2').waitFor({ state: 'detached' });
    await question().click();
    await expect.poll(() => called('job.cancel')).toEqual(['2']);
    await question().waitFor({ state: 'detached' });
    await expect.poll(isInList).toBe(true);
  });

  it('goes when the job is removed', async () => {
    queue(3);
    await signedIn();
    await press('Cancel: 2.iso');
    await question().waitFor();
    server.hub.remove('2');
    await question().waitFor({ state: 'detached' });
    await expect.poll(isInList).toBe(true);
    expect(called('job.cancel')).toEqual([]);
  });
});

describe('choosing', () => {
  it('by mouse: one, one more, a range, all, none', async () => {
    queue(6);
    await signedIn();
    const at = { position: { x: 200, y: 6 } };
    await jobRow('5').click(at);
    expect(await selected()).toEqual(['5']);
    await jobRow('3').click({ ...at, modifiers: ['Control'] });
    expect(await selected()).toEqual(['5', '3']);
    await jobRow('1').click({ ...at, modifiers: ['Shift'] });
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('');
    expect(await selected()).toEqual(['3', '2', '1']);
    await picture('selection');
    await page.getByLabel('Select 6.iso').check();
    expect(await selected()).toEqual(['6', '3', '2', '1']);
    await press('Select none');
    expect(await selected()).toEqual([]);
  });

  it('by keyboard alone: arrows, shift, space, ctrl A, escape, and what follows', async () => {
    queue(5);
    await signedIn();
    await jobRow('5').focus();
    await page.keyboard.press('ArrowDown');
    expect(await selected()).toEqual(['4']);
    await page.keyboard.press('Shift+ArrowDown');
    expect(await selected()).toEqual(['4', '3']);
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Space');
    expect(await selected()).toEqual(['4', '3', '1']);
    await page.keyboard.press('Control+a');
    expect(await selected()).toHaveLength(5);
    await page.keyboard.press('Escape');
    expect(await selected()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('#details h2', { hasText: '1.iso' }).waitFor();
    expect(page.url()).toContain('#/jobs/1');
    await page.keyboard.press('ArrowUp');
    await page.locator('#details h2', { hasText: '2.iso' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await jobRow('2').and(page.locator('[data-state=paused]')).waitFor();
    expect(called('job.pause')).toEqual(['2']);
  });

  it('by keys that are told after a question mark', async () => {
    queue(1);
    await signedIn();
    await jobRow('1').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Ctrl A').waitFor();
    await picture('keys');
    await page.keyboard.press('Escape');
    await page.getByLabel('Find in the list').fill('?');
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('what is not shown any more is not chosen any more', async () => {
    fill(server.hub);
    await signedIn();
    await page.getByLabel('Select all that are shown').check();
    await press('Failed');
    expect(await selected()).toHaveLength(2);
    await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No job matches').waitFor();
    expect(called('job.remove').sort()).toEqual(['1', '3']);
    await press('Show all');
    expect(await shown()).toHaveLength(7);
  });
});

describe('cards', () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const widths = () => page.locator('tr[data-job]').last().locator('> *').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));

  it('keep their columns when they are scrolled', async () => {
    queue(60);
    await signedIn(phone);
    await jobRow('60').waitFor();
    const before = await widths();
    await page.locator('.joblist').evaluate((box) => (box.scrollTop = box.scrollHeight));
    await jobRow('1').waitFor();
    expect(await widths()).toEqual(before);
  });

  it('are wholly seen when the focus comes to them, whatever their state', async () => {
    for (let id = 1; id <= 40; id++) server.hub.add({ title: `${id}.iso`, state: id % 4 === 0 ? 'paused' : 'running', stage: 'transferring', done: 20, total: 100, bytesPerSecond: 5 });
    await signedIn(phone);
    await jobRow('40').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'End', 'PageUp', 'Home']) {
      await page.keyboard.press(key);
      const isSeen = () => page.evaluate(() => {
        const [row, box] = [document.activeElement!, document.querySelector('.joblist')!].map((element) => element.getBoundingClientRect()) as [DOMRect, DOMRect];
        return document.activeElement!.matches('tr') && row.top >= box.top && row.bottom <= box.bottom + 1;
      });
      await expect.poll(isSeen, { message: key }).toBe(true);
    }
  });

  it('are out of reach while details lie over them', async () => {
    fill(server.hub);
    await signedIn(phone);
    await opener('2').click();
    await expect.poll(() => page.evaluate(() => document.activeElement!.closest('#details') !== null)).toBe(true);
    for (let count = 0; count < 40; count++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement!.closest('.behind'))).toBe(null);
    }
    await press('Close: Details');
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).closest('tr')?.dataset['job'])).toBe('2');
  });
});

describe('the queue', () => {
  const inQueue = async (ids: string[]) => expect.poll(shown).toEqual(ids);

  it('is shown by place, and moved in by keyboard', async () => {
    queue(4);
    await signedIn();
    await page.getByLabel('Order').selectOption('queue');
    await inQueue(['1', '2', '3', '4']);
    await jobRow('3').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Alt+ArrowUp');
    await inQueue(['1', '3', '2', '4']);
    await page.keyboard.press('Alt+Home');
    await inQueue(['3', '1', '2', '4']);
    await page.keyboard.press('Alt+End');
    await inQueue(['1', '2', '4', '3']);
    await page.locator('[aria-live=polite]', { hasText: 'Moved to place 4' }).waitFor({ state: 'attached' });
  });

  it('is moved in by keys on the row that has the focus, whichever was chosen before', async () => {
    queue(4);
    await signedIn();
    await page.getByLabel('Order').selectOption('queue');
    await inQueue(['1', '2', '3', '4']);
    await jobRow('1').click();
    await jobRow('4').focus(); // as a screen reader does
    await page.keyboard.press('Alt+Home');
    await inQueue(['4', '1', '2', '3']);
    await page.keyboard.press('Space');
    await expect.poll(selected).toEqual(['4', '1']);
  });

  it('takes what is dragged to the place it is dropped on', async () => {
    queue(4);
    await signedIn();
    await page.getByLabel('Order').selectOption('queue');
    await inQueue(['1', '2', '3', '4']);
    const name = { position: { x: 300, y: 20 } };
    await jobRow('4').dragTo(jobRow('2'), { sourcePosition: name.position, targetPosition: name.position });
    await inQueue(['1', '4', '2', '3']);
    await jobRow('1').dragTo(jobRow('2'), { sourcePosition: name.position, targetPosition: name.position });
    await inQueue(['4', '2', '1', '3']);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('details', () => {
  it('show parts, speed and what happened, live', async () => {
    const MiB = 1024 * 1024;
    const job = server.hub.add({ title: 'a.iso', state: 'running', stage: 'transferring', done: 30 * MiB, total: 100 * MiB, bytesPerSecond: 3 * MiB });
    Object.assign(job, { segments: [{ begin: 0, end: 50 * MiB, done: 20 * MiB }, { begin: 50 * MiB, end: 100 * MiB, done: 10 * MiB }] });
    server.hub.specs.set('1', { mirrors: ['https://m.example.org/a.iso'], headers: { Cookie: '', Accept: '*/*' }, connections: 4, checksum: 'sha-1:ab' });
    await signedIn();
    await opener('1').click();
    for (const told of ['https://m.example.org/a.iso', 'Cookie: •••', 'Accept: */*', 'sha-1:ab']) await page.locator('#details dd', { hasText: told }).waitFor();
    await page.getByRole('img', { name: 'Parts of the file: 30.0 MiB here, in 2 parts' }).waitFor();
    expect(await page.locator('rect.here').count()).toBe(2);
    await page.getByRole('img', { name: /Speed, last two minutes: 3\.0 MiB\/s/ }).waitFor();
    server.hub.change('1', { state: 'failed', stage: '', error: { code: 'network', message: 'Broken: reset' } });
    await page.locator('#details .error', { hasText: 'The connection broke. reset' }).waitFor();
    await page.locator('#details ol').getByText('Failed · The connection broke. reset').waitFor();
    await picture('details');
    await page.locator('#details').getByRole('button', { name: 'Try again: a.iso' }).click();
    await page.locator('#details ol').getByText('Waiting').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tell what happened before the page was open, each thing once', async () => {
    server.hub.add({ title: 'a.iso', state: 'queued', createdAt: 1 });
    server.hub.change('1', { state: 'running' });
    server.hub.change('1', { state: 'failed', error: { code: 'network', message: 'Broken: reset' } });
    await signedIn();
    server.hub.change('1', { state: 'queued', error: null, attempt: 2 });
    await opener('1').click();
    const lines = page.locator('#details ol span');
    await lines.getByText('Failed · The connection broke. reset').waitFor();
    expect(await lines.allTextContents()).toEqual(['Attempt 2 · Waiting', 'Failed · The connection broke. reset', 'Running', 'Waiting', 'Added']);
    server.hub.change('1', { state: 'running' });
    await expect.poll(() => lines.first().textContent()).toBe('Running');
    expect(await lines.count()).toBe(6);
  });

  it('are asked for where the reader stays, not on the way', async () => {
    queue(60);
    await signedIn();
    await opener('60').click();
    await page.locator('#details h2', { hasText: '60.iso' }).waitFor();
    await jobRow('60').focus();
    await expect.poll(() => topics('topic.subscribe')).toEqual(['job:60']); // what it says last
    expect(called('job.get')).toEqual(['60']);
    const before = server.messages;
    await holdKey('ArrowDown', 50);
    await page.locator('#details h2', { hasText: '10.iso' }).waitFor();
    await expect.poll(() => called('job.get')).toEqual(['60', '10']);
    await expect.poll(() => topics('topic.subscribe')).toEqual(['job:60', 'job:10']);
    expect(topics('topic.unsubscribe')).toEqual(['job:60']);
    expect(server.messages - before).toBe(4);
  });

  it('are at an address of their own, which the back button leaves', async () => {
    fill(server.hub);
    await signedIn();
    await opener('2').click();
    await opener('4').click();
    expect(page.url()).toContain('#/jobs/4');
    await page.goBack();
    await page.locator('#details').waitFor({ state: 'detached' });
    await page.goForward();
    await page.locator('#details h2', { hasText: 'paper.pdf' }).waitFor();
    await press('Close: Details');
    await page.locator('#details').waitFor({ state: 'detached' });
  });
});
