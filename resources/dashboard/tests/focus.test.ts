import { describe, expect, it } from 'vitest';
import { agents, fillWorkflows } from './sample.js';
import { complaints, opener, page, server, signedIn } from './visitor.js';

/** Where the focus is: a row or its link by what it is of, anything else by its name. */
const focused = () => page.evaluate(() => {
  const active = document.activeElement as HTMLElement;
  const { job, workflow, agent } = (active.closest('tr') as HTMLElement | null)?.dataset ?? {};
  return job ?? workflow ?? agent ?? (active.getAttribute('aria-label') ?? active.textContent ?? '').trim();
});
const inToolbar = (name: string) => page.getByRole('toolbar').getByRole('button', { name });

async function opened(view: string): Promise<void> {
  await signedIn();
  await page.getByRole('link', { name: view }).click();
}

describe('the focus goes back', () => {
  it.each(['Enter', 'Escape'])('to the row of a job when its details are closed by %s', async (key) => {
    for (let id = 1; id <= 3; id++) server.hub.add({ title: `${id}.iso`, state: 'queued' });
    await signedIn();
    await opener('2').click();
    await page.locator('#details').getByRole('button', { name: 'Close' }).press(key);
    await page.locator('#details').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('2');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('1');
  });

  it('to the list when the job that is looked at is removed', async () => {
    for (let id = 1; id <= 3; id++) server.hub.add({ title: `${id}.iso`, state: 'queued' });
    await signedIn();
    await opener('2').click();
    await page.locator('#details').getByRole('button', { name: 'Close' }).focus();
    server.hub.remove('2');
    await expect.poll(focused).toMatch(/^[13]$/);
  });

  it('to the heading of the details when an order cannot be given again', async () => {
    server.hub.add({ title: 'a.iso', state: 'failed' });
    await signedIn();
    await opener('1').click();
    await page.locator('#details').getByRole('button', { name: 'Try again: a.iso' }).press('Enter');
    await expect.poll(focused).toBe('a.iso');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
  });

  it('to the list when nothing is chosen any more', async () => {
    for (let id = 1; id <= 3; id++) server.hub.add({ title: `${id}.iso`, state: 'queued' });
    await signedIn();
    await page.getByLabel('Select all that are shown').check();
    await inToolbar('Pause').press('Enter');
    await inToolbar('Resume').waitFor();
    await expect.poll(focused).toMatch(/^[123]$/);
    await inToolbar('Select none').press('Enter');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await expect.poll(focused).toMatch(/^[123]$/);
  });

  it.each(['Enter', 'Escape'])('to the link of a workflow when its panel is closed by %s', async (key) => {
    fillWorkflows(server.hub);
    await opened('Workflows');
    await page.locator('tr[data-workflow=w3] a').press('Enter');
    await page.locator('#workflow').getByRole('button', { name: 'Close' }).press(key);
    await page.locator('#workflow').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('w3');
  });

  it('to what is left of a workflow when an order cannot be given again', async () => {
    fillWorkflows(server.hub);
    await opened('Workflows');
    await page.locator('tr[data-workflow=w4]').getByRole('button', { name: 'Try all again' }).press('Enter');
    await page.locator('tr[data-workflow=w4][data-state=queued]').waitFor();
    server.hub.workflows.step('w4', 'check', { state: 'queued' });
    server.hub.workflows.step('w4', 'write', { state: 'queued' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('A');
    expect(await focused()).toBe('w4');
  });

  it('to the link of an agent when its charts are closed', async () => {
    server.hub.agents.all = agents();
    await opened('Agents');
    await page.locator('tr[data-agent=scanner-7] a').press('Enter');
    await page.locator('#agent').getByRole('button').press('Enter');
    await page.locator('#agent').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('scanner-7');
    expect(complaints).toEqual([]);
  });
});

describe('the focus stays', () => {
  it('on the button that pauses a workflow and lets it go on', async () => {
    fillWorkflows(server.hub);
    await opened('Workflows');
    const button = (name: string) => page.locator('tr[data-workflow=w3]').getByRole('button', { name });
    await button('Pause').press('Enter');
    await button('Resume').waitFor();
    expect(await button('Resume').evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await button('Pause').waitFor();
  });

  it('where the reader took it meanwhile', async () => {
    server.hub.add({ title: 'a.iso', state: 'queued' });
    await signedIn();
    await opener('1').click();
    await page.locator('#details').getByRole('button', { name: 'Close' }).focus();
    await page.getByRole('searchbox').focus();
    server.hub.remove('1');
    await page.locator('#details').waitFor({ state: 'detached' });
    expect(await page.getByRole('searchbox').evaluate((field) => field === document.activeElement)).toBe(true);
  });
});
