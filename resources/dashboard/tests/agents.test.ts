import { describe, expect, it } from 'vitest';
import { minutesOf } from '../src/agents/agentpoints.js';
import { agentHistory, agents } from './sample.js';
import { complaints, page, server, signedIn } from './visitor.js';

const line = (name: string) => page.locator(`tr[data-agent="${name}"]`);

async function opened(): Promise<void> {
  await signedIn();
  await page.getByRole('link', { name: 'Agents' }).click();
}

describe('agents', () => {
  it('come, go, work and are measured while they are looked at', async () => {
    server.hub.agents.all = agents();
    for (let id = 1; id <= 9; id++) server.hub.add({ title: `file ${id}.iso`, state: 'running' });
    await opened();
    await line('downloader').getByText('Busy').waitFor();
    expect(await line('downloader').innerText()).toContain('1,200');
    expect(await line('scanner-7').innerText()).toMatch(/5 \(25\s%\)/);
    expect(await line('printer').innerText()).toMatch(/Offline,\s+not healthy/);
    const metrics = { ...agents()[0]!.metrics, messageCount: 1301, averageExecutionSeconds: 75 };
    server.hub.agents.change('downloader', { status: 'idle', current: null, metrics });
    await line('downloader').getByText('Idle').waitFor();
    await line('downloader').getByText('1,301').waitFor();
    await line('downloader').getByText('1 min 15 s').waitFor();
    expect(await line('downloader').getByRole('link').count()).toBe(1);
    server.hub.agents.put({ ...agents()[3]!, name: 'painter', status: 'busy', capabilities: ['paint'], current: '9' });
    await line('painter').getByRole('cell', { name: 'paint', exact: true }).waitFor();
    await line('painter').getByRole('link', { name: 'file 9.iso' }).click();
    await page.locator('#details', { hasText: 'file 9.iso' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('have figures together', async () => {
    server.hub.agents.all = agents();
    await opened();
    const figure = (name: string) => page.locator(`dd[data-count=${name}]`);
    await figure('registeredAgents').getByText('0').waitFor();
    server.hub.agents.count({ totalMessages: 41_234, totalWorkflows: 12, registeredAgents: 4, healthyAgents: 3, activeWorkflows: 2 });
    await figure('totalMessages').getByText('41,234').waitFor();
    await figure('healthyAgents').getByText('3').waitFor();
  });

  it('have charts of what they did, which go with the keyboard', async () => {
    server.hub.agents.all = agents();
    server.hub.agents.history = agentHistory(Date.now());
    await opened();
    await line('scanner-7').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /Work ended each minute: at most 7/ }).locator('path.line').waitFor();
    await page.getByRole('img', { name: /Share that failed: \d+\s% of the hour/ }).waitFor();
    await page.locator('#agent').getByRole('button').press('Escape');
    await page.locator('#agent').waitFor({ state: 'detached' });
    await page.evaluate(() => (location.hash = '#/agents/nobody'));
    await page.getByText('There is no agent of that name').waitFor();
    expect(complaints).toEqual([]);
  });

  it('are not shown to who may not see them, who is told so', async () => {
    const snapshot = server.hub.snapshot.bind(server.hub);
    server.hub.snapshot = (topic) => {
      if (topic !== 'agents' && topic !== 'coordinator') return snapshot(topic);
      throw { code: -32002, message: 'Forbidden', data: { type: 'forbidden' } };
    };
    await opened();
    await page.getByText('This sign-in may not do that.').waitFor();
  });
});

describe('minutes', () => {
  it('without anything count nothing, those before are left out', () => {
    const point = (minute: number, succeeded: number, failed: number) => ({ time: minute * 60_000, messages: 2, succeeded, failed });
    expect(minutesOf([point(5, 9, 9), point(8, 1, 3), point(10, 2, 0)], 10 * 60_000 + 59_999, 3)).toEqual({
      messages: [2, 0, 2], ended: [4, 0, 2], errorRates: [0.75, 0, 0], errorRate: 0.5,
    });
    expect(minutesOf([], 0, 2)).toEqual({ messages: [0, 0], ended: [0, 0], errorRates: [0, 0], errorRate: 0 });
  });
});
