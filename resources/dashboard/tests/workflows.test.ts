import { describe, expect, it } from 'vitest';
import { fetchCheckWrite, readWorkflowFile } from '../src/workflows/workflowfile.js';
import { canDo, canRetryStep } from '../src/workflows/workflowrules.js';
import { FakeWorkflows } from '../../client/tests/fakeworkflows.js';
import { drives, fillWorkflows, stick } from './sample.js';
import { complaints, page, press, server, signedIn } from './visitor.js';

const line = (title: string) => page.locator('tr[data-workflow]', { hasText: title });
const step = (name: string) => page.locator(`#workflow tr[data-step="${name}"]`);
const called = (method: string) => server.hub.calls.filter((call) => call.method === method).map((call) => call.params);

async function opened(): Promise<void> {
  await signedIn();
  await page.getByRole('link', { name: 'Workflows' }).click();
}

describe('workflows', () => {
  it('are listed, the latest first, and move by themselves', async () => {
    fillWorkflows(server.hub);
    await opened();
    await line('ubuntu').waitFor();
    expect(await page.locator('tr[data-workflow]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['workflow']))).toEqual(['w4', 'w3', 'w2', 'w1']);
    await line('debian').getByText('Step 2 of 3: check').waitFor();
    await line('debian').getByText('55 %').waitFor();
    server.hub.workflows.change('w3', { progress: 0.71, stage: 'write', stageIndex: 3, message: 'Erasing' });
    await line('debian').getByText('Step 3 of 3: write').waitFor();
    await line('debian').getByText('71 %').waitFor();
    server.hub.workflows.change('w3', { state: 'succeeded', progress: 1 });
    await line('debian').getByText('Finished').waitFor();
    server.hub.workflows.remove('w4');
    await line('ubuntu').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('scroll, ten thousand of them, and only what is seen is drawn', async () => {
    for (let count = 1; count <= 10_000; count++) server.hub.workflows.add(`flow ${count}`, [{ name: 'fetch', kind: 'download' }], { state: 'succeeded', progress: 1 });
    await opened();
    await line('flow 10000').waitFor();
    const toTheEnd = () => page.locator('table').first().evaluate((table) => (table.parentElement!.scrollTop = table.scrollHeight));
    while (await line('flow 1').and(page.locator('[data-workflow=w1]')).count() === 0) await toTheEnd();
    expect(await page.locator('tr[data-workflow]').count()).toBeLessThan(40);
    expect(await page.locator('table').first().getAttribute('aria-rowcount')).toBe('10001');
    server.hub.workflows.change('w1', { state: 'failed' });
    await page.locator('tr[data-workflow=w1][data-state=failed]').waitFor();
    const heights = await page.locator('tr[data-workflow]').evaluateAll((rows) => [...new Set(rows.map((row) => row.getBoundingClientRect().height))]);
    expect(heights).toEqual([58]);
    await page.setViewportSize({ width: 375, height: 760 });
    await page.locator('.box.compact').waitFor();
    expect(await page.locator('tr[data-workflow]').evaluateAll((rows) => [...new Set(rows.map((row) => row.getBoundingClientRect().height))])).toEqual([130]);
    expect(complaints).toEqual([]);
  });

  it('tell step by step what went wrong, lead to the jobs, and try again', async () => {
    fillWorkflows(server.hub);
    server.hub.add({ title: 'ubuntu.iso', state: 'succeeded', workflow: 'w4' });
    await opened();
    await line('ubuntu').getByRole('link').click();
    await step('check').getByText('The file is not the expected one: its checksum differs. ubuntu-26.04').waitFor();
    await step('write').getByText('A job it builds on did not succeed.').waitFor();
    expect(await step('write').innerText()).toContain('fetch, check');
    expect(await step('write').getByRole('button').count()).toBe(0);
    await step('check').getByRole('button', { name: 'Try step check again' }).click();
    await expect.poll(() => called('workflow.retry')).toEqual([{ workflow: 'w4', step: 'check' }]);
    server.hub.workflows.step('w4', 'check', { state: 'running', progress: 0.25 }, { state: 'running' });
    await step('check').getByText('25 %').waitFor();
    await page.locator('#workflow').getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => called('workflow.pause')).toEqual([{ workflow: 'w4' }]);
    await page.locator('#workflow').getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => called('workflow.resume')).toEqual([{ workflow: 'w4' }]);
    await step('fetch').getByRole('link', { name: 'Job 1' }).click();
    await page.locator('#details', { hasText: 'ubuntu.iso' }).waitFor();
    await page.locator('#details').getByRole('link', { name: 'w4' }).click();
    await page.locator('#workflow').waitFor();
    await page.goBack();
    await page.locator('#details').waitFor();
    expect(complaints).toEqual([]);
  });

  it('are canceled and removed after a question, by keyboard too', async () => {
    fillWorkflows(server.hub);
    await opened();
    await line('debian').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.locator('#workflow').waitFor();
    await page.locator('#workflow').getByRole('button', { name: 'Cancel' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep going' }).press('Enter');
    expect(called('workflow.cancel')).toEqual([]);
    await page.locator('#workflow').getByRole('button', { name: 'Cancel' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel workflow' }).press('Enter');
    await line('debian').getByText('Canceled').waitFor();
    await line('debian').getByRole('button', { name: 'Remove from the list' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await line('debian').waitFor({ state: 'detached' });
    await page.locator('#workflow').waitFor({ state: 'detached' });
    await expect.poll(() => new URL(page.url()).hash).toBe('#/workflows');
    expect(await page.getByRole('alert').count()).toBe(0);
    await line('holiday').getByRole('link').click();
    await page.locator('#workflow h3', { hasText: 'holiday' }).waitFor();
    await page.locator('#workflow').getByRole('button', { name: 'Close' }).press('Escape');
    await page.locator('#workflow').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('of long ago are fetched when they are asked for, alone or a page on', async () => {
    for (let number = 1; number <= 150; number++) server.hub.workflows.add(`flow ${number}`, [{ name: 'a', kind: 'download' }]);
    server.hub.pageSize = 100;
    await opened();
    await line('flow 150').waitFor();
    const count = () => page.locator('table[aria-rowcount]').getAttribute('aria-rowcount').then(Number);
    expect(await count()).toBe(100 + 1);
    await page.evaluate(() => (location.hash = '#/workflows/w7'));
    await page.locator('#workflow h3', { hasText: 'flow 7' }).waitFor();
    await page.setViewportSize({ width: 375, height: 700 });
    await line('flow 149').getByRole('link').click();
    await expect.poll(async () => (await page.locator('#workflow').boundingBox())!.y).toBeLessThan(640);
    await page.setViewportSize({ width: 1180, height: 720 });
    await page.evaluate(() => (location.hash = '#/workflows/w999'));
    await page.getByText('There is no workflow of that number').waitFor();
    await press('Show older');
    await expect.poll(count).toBe(150 + 1);
  });

  it('are said to be none, with a hint how to come by one, and not asked for by who may not', async () => {
    server.hub.scopes = ['read'];
    await opened();
    await page.getByText('No workflow yet.').waitFor();
    expect(await page.locator('form').count()).toBe(0);
  });
});

describe('a workflow is added', () => {
  it('from text, and what is wrong with it is said there', async () => {
    await opened();
    const field = page.getByLabel('Paste its text here');
    await field.fill('{"steps": [');
    await press('Add workflow');
    await page.getByRole('alert').filter({ hasText: 'This is no workflow file' }).waitFor();
    const command = server.hub.command.bind(server.hub);
    server.hub.command = () => {
      throw { code: -32602, message: 'Not right: step "a": url: it is missing', data: { type: 'invalidArgument' } };
    };
    await field.fill('{"title": "Two", "steps": [{"name": "a", "kind": "download"}]}');
    await press('Add workflow');
    await page.getByRole('alert').filter({ hasText: 'step "a": url: it is missing' }).waitFor();
    server.hub.command = command;
    await press('Add workflow');
    await page.locator('#workflow h3', { hasText: 'Two' }).waitFor();
    expect(await field.inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  it('from a file that is dropped or chosen', async () => {
    await opened();
    const field = page.getByLabel('Paste its text here');
    const content = '{"steps": [{"name": "a", "kind": "report"}]}';
    await field.evaluate((element, written) => {
      const data = new DataTransfer();
      data.items.add(new File([written], 'flow.json', { type: 'application/json' }));
      element.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, content);
    await expect.poll(() => field.inputValue()).toBe(content);
    await page.locator('input[type=file]').setInputFiles({ name: 'big.json', mimeType: 'application/json', buffer: Buffer.alloc(70_000, 32) });
    await page.getByRole('alert').filter({ hasText: 'larger than' }).waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: 'b.json', mimeType: 'application/json', buffer: Buffer.from(content.replace('"a"', '"b"')) });
    await expect.poll(() => field.inputValue()).toContain('"b"');
  });

  it('that fetches, checks and writes, after each drive with files is proven', async () => {
    server.hub.drives = drives();
    server.hub.scopes.push('flash');
    await opened();
    const form = page.locator('form', { hasText: 'Fetch, check, write to drives' });
    await form.getByLabel('Address of the image').fill('https://example.org/debian.iso');
    const start = form.getByRole('button', { name: 'Fetch, check and write' });
    expect(await start.isDisabled()).toBe(true);
    expect(await form.locator('tr[data-drive]').count()).toBe(2);
    await form.locator('tr[data-drive]', { hasText: '/dev/sdb' }).getByRole('checkbox').check();
    await start.click();
    const dialog = page.getByRole('dialog');
    const yes = dialog.getByRole('button', { name: 'Fetch, check and write' });
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByLabel('last 4').fill('0A4B');
    await yes.click();
    await page.locator('#workflow h3', { hasText: 'debian.iso' }).waitFor();
    const wish = { image: 'https://example.org/debian.iso', sha256: '', drives: [stick('b').id] };
    expect(called('workflow.add')).toEqual([fetchCheckWrite(wish, 'given')]);
    expect(await form.locator('input:checked').count()).toBe(0);
  });

  it('that writes only after a yes at the computer, where the page may not erase', async () => {
    server.hub.drives = drives();
    await opened();
    const form = page.locator('form', { hasText: 'Fetch, check, write to drives' });
    await form.getByText('Somebody at the computer has to agree').waitFor();
    await form.getByLabel('Address of the image').fill('https://example.org/debian.iso');
    await form.locator('tr[data-drive]', { hasText: '/dev/sdc' }).getByRole('checkbox').check();
    await form.getByRole('button', { name: 'Fetch, check and write' }).click();
    await page.locator('#workflow').waitFor();
    expect(called('workflow.add')).toEqual([fetchCheckWrite({ image: 'https://example.org/debian.iso', sha256: '', drives: [stick('c').id] }, 'asked later')]);
  });
});

describe('a workflow file', () => {
  it('gives nobody\'s yes to erase drives', () => {
    const written = '{"title": "x", "steps": [{"name": "w", "kind": "flash", "drives": ["d"], "erase": ["d"]}]}';
    expect(readWorkflowFile(written)).toEqual({ file: { title: 'x', steps: [{ name: 'w', kind: 'flash', drives: ['d'] }] } });
  });

  it.each(['', '[]', '{}', 'null', '{"steps": 1}', 'x', `"${'x'.repeat(70_000)}"`])('is not what begins with %.10s', (written) => {
    expect(readWorkflowFile(written)).toHaveProperty('problem');
  });

  it('of an image is written only when it is checked, and a dollar sign means itself', () => {
    const sum = 'a'.repeat(64);
    const made = fetchCheckWrite({ image: ' https://example.org/a$b%20c.iso?x ', sha256: ` ${sum} `, drives: ['d$1'] }, 'given');
    expect(made).toEqual({ title: 'a$b c.iso', steps: [
      { name: 'fetch', kind: 'download', url: 'https://example.org/a$$b%20c.iso?x', sha256: sum },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: sum },
      { name: 'write', kind: 'flash', image: '${fetch.file}', drives: ['d$$1'], needs: ['check'], sha256: '${check.sha256}', erase: ['d$$1'] },
    ] });
    const measured = fetchCheckWrite({ image: 'https://example.org/%E0', sha256: '', drives: ['d'] }, 'asked later');
    expect(measured['title']).toBe('%E0');
    expect(measured['steps']).toMatchObject([{}, { sha256: '${fetch.sha256}' }, {}]);
    expect(JSON.stringify(measured)).not.toContain('erase');
  });
});

describe('what can be done', () => {
  const make = (fields: object, steps: object[]) => new FakeWorkflows(() => undefined).add('x', steps as never, fields);
  it.each([
    ['running', 'running', 'pause cancel'], ['queued', 'queued', 'pause cancel'], ['paused', 'paused', 'resume cancel'], ['paused', 'failed', 'resume cancel'],
    ['running', 'failed', 'pause cancel retry'], ['failed', 'failed', 'retry remove'], ['canceled', 'canceled', 'retry remove'], ['succeeded', 'succeeded', 'remove'],
  ])('to a %s workflow with a %s step: %s', (state, stepState, verbs) => {
    const workflow = make({ state }, [{ name: 'a', kind: 'download', state: stepState }]);
    expect((['pause', 'resume', 'cancel', 'retry', 'remove'] as const).filter((verb) => canDo(verb, workflow)).join(' ')).toBe(verbs);
  });

  it('to a step that has a job or whose needs succeeded', () => {
    const workflow = make({ state: 'failed' }, [{ name: 'a', kind: 'download', state: 'failed', job: '1' }, { name: 'b', kind: 'verify', state: 'failed', needs: ['a'] }, { name: 'c', kind: 'verify', state: 'succeeded' }]);
    expect(workflow.steps.map((one) => canRetryStep(workflow, one))).toEqual([true, false, false]);
  });
});
