// The page as people use it: real downloads of a real drayd in a real browser, two tabs, the keyboard
// alone, a server that is killed, blocked WebSockets; and a picture of every view.
//
//     node page.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with playwright-core and axe-core, OUTPUT takes the
// screenshots. Ends with exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { violations } from './support/axe.mjs';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { LoopDevice } from './support/loopdevice.mjs';
import { Tab } from './support/pagetab.mjs';
import { runRows, Skipped } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const views = ['jobs', 'drives', 'workflows', 'agents', 'history', 'settings', 'server'];
const agentProgram = new URL('./support/agentprogram.mjs', import.meta.url).pathname;
const [programs, web, output] = process.argv.slice(2).map((argument) => path.resolve(argument));
const fromWeb = createRequire(path.join(web, 'package.json'));
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

async function main(run, rows) {
  mkdirSync(output, { recursive: true });
  const server = await FileServer.start(run, { name: 'image.iso', size: 24 * MiB, bytesPerSecond: 2 * MiB });
  writeFileSync(run.path('www', 'small.txt'), 'small\n');
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const { chromium } = fromWeb('playwright-core');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-sync'] });
  run.onEnd(() => browser.close());
  const scene = { run, server, daemon, browser, base: `http://127.0.0.1:${daemon.port}/` };
  scene.token = await makeToken(daemon, 'page test', ['admin']);
  await downloads(scene, rows);
  await costsLittle(scene, rows);
  await usesKeyboard(scene, rows);
  await adds(scene, rows);
  await changes(scene, rows);
  await runsWorkflows(scene, rows);
  await survives(scene, rows);
  await writesDrives(scene, rows);
  await isPictured(scene, rows);
}

async function makeToken(daemon, name, scopes) {
  const { code, lines } = await daemon.ctl('--json', 'token', 'add', name, ...scopes.flatMap((scope) => ['--scope', scope]));
  assert.equal(code, 0, lines.join('\n'));
  return JSON.parse(lines.join('')).token;
}

async function jobs(daemon) {
  const { lines } = await daemon.ctl('--json', 'list');
  return lines.flatMap((line) => JSON.parse(line));
}

async function newestId(daemon) {
  return String(Math.max(...(await jobs(daemon)).map(({ id }) => Number(id))));
}

/** Words and numbers; the newest may wait for their frame. `wanted` is what each row shows. */
async function showTheSame(first, second, wanted) {
  await until(`both show ${wanted}`, async () => (await first.rows()).every((row) => wanted.test(row)));
  await until('both show the same', async () => isDeepStrictEqual(await first.rows(), await second.rows()));
}

async function downloads(scene, rows) {
  const { daemon, server, run } = scene;
  const first = await Tab.open(scene);
  const second = await Tab.open(scene);
  await rows.run('a pasted link is fetched, shown part by part, and seen alike in two tabs', async () => {
    await daemon.ctl('limit', '1M'); // it runs for as long as a busy machine needs to look at it
    await first.signIn();
    await second.signIn();
    await first.paste(server.url);
    await first.page.keyboard.press('Enter');
    const id = await until('the job is there', async () => (await jobs(daemon)).length > 0 && newestId(daemon));
    await first.inState(id, 'running');
    await first.row(id).locator('button[aria-expanded]').click();
    await until('parts move', async () => (await first.page.locator('#details rect.here').count()) > 1);
    await until('some of it is here', async () => (await jobs(daemon)).some((job) => job.id === id && job.done > 2 * MiB));
    await first.page.screenshot({ path: path.join(output, 'page-downloading.png') });
    await first.row(id).getByRole('button', { name: 'Pause' }).click();
    await second.inState(id, 'paused');
    await showTheSame(first, second, /[1-9]\d* %.* MiB of 24\.0 MiB/);
    await second.row(id).getByRole('button', { name: 'Resume' }).click();
    await first.inState(id, 'running');
    await daemon.ctl('limit', '0');
    await first.inState(id, 'succeeded');
    await second.inState(id, 'succeeded');
    await first.page.locator('#details code', { hasText: server.sha256 }).waitFor();
    await showTheSame(first, second, /24\.0 MiB/);
    assert.equal(sha256(path.join(daemon.downloads, 'image.iso')), server.sha256);
  });
  await rows.run('the finished file is saved through the browser, every byte', async () => {
    const saved = first.page.waitForEvent('download');
    await first.row(await newestId(daemon)).getByRole('button', { name: 'Save to this computer' }).click();
    const file = run.path('saved.iso');
    await (await saved).saveAs(file);
    assert.equal(sha256(file), server.sha256);
    await first.hadNoTrouble();
    await second.hadNoTrouble();
  });
  await first.close();
  await second.close();
}

/**
 * What the page does in a tenth of a second, the median of forty: `busyMs` that its main thread has a processor (time
 * it waits for one does not count) and how often it is laid out.
 */
async function usualTenth(session) {
  const looks = [];
  for (let before = await costSoFar(session); looks.length < 40; ) {
    await new Promise((passed) => setTimeout(passed, 100));
    const after = await costSoFar(session);
    looks.push({ busyMs: after.busyMs - before.busyMs, layouts: after.layouts - before.layouts });
    before = after;
  }
  const median = (counter) => looks.map((look) => look[counter]).sort((a, b) => a - b)[20];
  return { busyMs: median('busyMs'), layouts: median('layouts') };
}

async function costSoFar(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (counter) => metrics.find(({ name }) => name === counter).value;
  return { busyMs: of('TaskDuration') * 1000, layouts: of('LayoutCount') };
}

async function costsLittle(scene, rows) {
  const { daemon, server } = scene;
  const tab = await Tab.open(scene);
  await tab.signIn();
  const session = await tab.context.newCDPSession(tab.page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await rows.run('a progress frame of three downloads costs the main thread little', async () => {
    const idle = await usualTenth(session);
    const ids = [];
    for (const name of ['one.iso', 'two.iso', 'three.iso']) ids.push(JSON.parse((await daemon.ctl('--json', 'add', `${server.url}?${name}`, '--name', name, '--limit', '300k')).lines[0]).id);
    for (const id of ids) await tab.row(id).locator('td').getByText('iB/s').waitFor();
    const busy = await usualTenth(session);
    console.log(`        ${(busy.busyMs - idle.busyMs).toFixed(1)} ms of its own processor time, median of 40; 4 ms are allowed on a machine with nothing else to do`);
    assert.ok(busy.layouts - idle.layouts <= 1, `laid out ${busy.layouts} times`);
    for (const id of ids) await daemon.ctl('cancel', id);
    for (const id of ids) await tab.inState(id, 'canceled');
    for (const id of ids) await daemon.ctl('remove', id);
  });
  await tab.hadNoTrouble();
  await tab.close();
}

async function usesKeyboard(scene, rows) {
  const { daemon, server } = scene;
  const tab = await Tab.open(scene);
  const { keyboard } = tab.page;
  const focused = () => tab.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim());
  const tabTo = async (name) => {
    for (let steps = 0; steps < 60 && !(await focused()).startsWith(name); steps++) await keyboard.press('Tab');
    assert.ok((await focused()).startsWith(name), `Tab never came to ${name}`);
  };
  await rows.run('signing in, adding, pausing, looking at details and removing need no mouse', async () => {
    await tab.page.goto(scene.base);
    await tab.page.getByLabel('Token').waitFor();
    for (let steps = 0; steps < 9 && (await tab.page.evaluate(() => document.activeElement.id)) !== 'token'; steps++) await keyboard.press('Tab');
    await keyboard.insertText(scene.token);
    await keyboard.press('Enter');
    await tab.isLive();
    await daemon.ctl('limit', '200k'); // it runs for as long as a busy machine needs to press keys
    for (let steps = 0; steps < 20 && (await tab.page.evaluate(() => document.activeElement.id)) !== 'add-url'; steps++) await keyboard.press('Tab');
    await keyboard.insertText(server.url);
    await keyboard.press('Enter');
    const id = await until('the job is there', async () => (await jobs(daemon)).length > 1 && newestId(daemon));
    await tab.inState(id, 'running');
    for (let steps = 0; steps < 30 && (await tab.page.evaluate(() => document.activeElement.dataset.job)) === undefined; steps++) await keyboard.press('Tab');
    await keyboard.press('Home');
    await keyboard.press('Enter');
    await tab.page.locator('#details').waitFor();
    await tabTo('Pause');
    await keyboard.press('Enter');
    await tab.inState(id, 'paused');
    await tabTo('Cancel');
    await keyboard.press('Enter');
    await tab.page.getByRole('dialog').waitFor();
    await tabTo('Cancel job');
    await keyboard.press('Enter');
    await tab.inState(id, 'canceled');
    await tabTo('Remove from the list');
    await keyboard.press('Enter');
    await tab.row(id).waitFor({ state: 'detached' });
    await daemon.ctl('limit', '0');
  });
  await rows.run('every view is reached by keyboard', async () => {
    for (const name of ['Drives', 'Workflows', 'Agents', 'History', 'Settings', 'Server', 'Jobs']) {
      await tab.page.evaluate(() => document.activeElement.blur());
      await tabTo(name);
      await keyboard.press('Enter');
      await tab.page.locator('nav a[aria-current=page]', { hasText: name }).waitFor();
    }
    await tab.hadNoTrouble();
  });
  await tab.close();
}

async function adds(scene, rows) {
  const { daemon, server } = scene;
  const tab = await Tab.open(scene);
  await tab.signIn();
  const small = (number) => `http://127.0.0.1:${server.port}/small.txt?${number}`;
  await rows.run('a hundred pasted links are added at once, shown, filtered and removed at once', async () => {
    const before = (await jobs(daemon)).length;
    await tab.paste(Array.from({ length: 100 }, (_, number) => small(number)).join('\n'));
    await tab.page.getByRole('button', { name: 'Add 100 links' }).click();
    await tab.page.getByRole('dialog').waitFor({ state: 'detached' });
    await until('all have ended', async () => (await jobs(daemon)).filter(({ state }) => state === 'succeeded').length >= before + 100, 60);
    await tab.page.getByRole('button', { name: `Finished ${before + 100}` }).waitFor();
    await tab.page.getByRole('searchbox').fill('small');
    await tab.page.getByLabel('Select all that are shown').check();
    await tab.page.getByRole('status').filter({ hasText: '100 selected' }).waitFor();
    await tab.page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click();
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await until('all are gone', async () => (await jobs(daemon)).length === before);
    await tab.page.getByText('No job matches').waitFor();
  });
  await rows.run('the history keeps what left the list', async () => {
    await tab.goTo('history');
    await tab.page.locator('table tbody tr').nth(20).waitFor();
    assert.ok((await tab.page.locator('table').innerText()).includes('small'));
  });
  await rows.run('a link in the address of the page is offered, and not fetched before a yes', async () => {
    const before = (await jobs(daemon)).length;
    await tab.page.goto(`${scene.base}?add=${encodeURIComponent(small('offered'))}`);
    await tab.isLive();
    await tab.page.waitForFunction((url) => document.getElementById('add-url')?.value === url, small('offered'));
    assert.equal((await jobs(daemon)).length, before);
    await tab.hadNoTrouble();
  });
  await rows.run('mirrors, headers and checksum of a job are shown, what they keep secret is not', async () => {
    await tab.page.getByText('Options', { exact: true }).click();
    await tab.page.getByLabel('Header lines').fill('Cookie: hidden=1\nAccept-Language: de');
    await tab.page.getByLabel('Other addresses').fill(`${small('mirror')}&token=hidden`);
    await tab.page.getByLabel('Expected SHA-256').fill(createHash('sha256').update('small\n').digest('hex'));
    await tab.page.getByLabel('Address of a file').fill(small('asked'));
    await tab.page.getByLabel('Address of a file').press('Enter');
    await tab.page.waitForFunction(() => document.getElementById('add-url').value === '');
    const id = await newestId(daemon);
    await tab.inState(id, 'succeeded');
    await tab.row(id).locator('button[aria-expanded]').click();
    for (const told of ['Cookie: •••', 'Accept-Language: de', 'sha-256:', 'small.txt?mirror&token=***']) await tab.page.locator('#details dd', { hasText: told }).waitFor();
    assert.ok(!(await tab.page.locator('#details').innerText()).includes('hidden'));
    await tab.page.getByRole('button', { name: 'Close: Details' }).click();
    await tab.page.getByText('Options', { exact: true }).click();
  });
  await rows.run('the queue is reordered by keyboard and by dragging', async () => {
    await daemon.ctl('settings', 'queue.downloads', '1');
    const { lines } = await daemon.ctl('--json', 'add', server.url, '--name', 'busy.iso', '--limit', '100k');
    const busy = JSON.parse(lines[0]).id;
    for (const name of ['a.iso', 'b.iso', 'c.iso']) await daemon.ctl('add', server.url, '--name', name);
    const last = await newestId(daemon);
    await tab.page.getByLabel('Order').selectOption('queue');
    await tab.inState(last, 'queued');
    await tab.row(last).focus();
    await tab.page.keyboard.press('Alt+Home');
    const waiting = () => tab.page.locator('tr[data-state=queued]').evaluateAll((shown) => shown.map((row) => row.dataset.job));
    await until('it is first', async () => (await waiting())[0] === last);
    await tab.row(last).dragTo(tab.row(String(Number(last) - 1)), { sourcePosition: { x: 300, y: 20 }, targetPosition: { x: 300, y: 20 } });
    await until('it is last', async () => (await waiting()).at(-1) === last);
    for (const { id, state } of await jobs(daemon)) if (state === 'queued' || id === busy) await daemon.ctl('cancel', id);
    await daemon.ctl('settings', 'queue.downloads', '3');
  });
  await tab.close();
}

/** Pastes a workflow file and answers the id of what was made of it. */
async function addWorkflow(tab, file) {
  await tab.page.getByLabel('Paste its text here').fill(JSON.stringify(file));
  await tab.page.getByRole('button', { name: 'Add workflow' }).click();
  await tab.page.locator('#workflow h3', { hasText: file.title }).waitFor();
  return tab.page.evaluate(() => location.hash.split('/').at(-1));
}

async function runsWorkflows(scene, rows) {
  const { daemon, server, run } = scene;
  const tab = await Tab.open(scene);
  const other = await Tab.open(scene);
  await tab.signIn();
  await other.signIn();
  const step = (name) => tab.page.locator(`#workflow tr[data-step="${name}"]`);
  const stepIs = (name, state) => tab.page.locator(`#workflow tr[data-step="${name}"][data-state=${state}]`).waitFor();
  const picture = (name) => tab.page.screenshot({ path: path.join(output, `page-${name}.png`) });
  await rows.run('a workflow is seen step by step, paused in one tab, resumed in another, and ends with the work of an agent', async () => {
    const started = [agentProgram, path.join(daemon.data, 'endpoint.json'), 'scanner', 'scan', '5000'];
    const agent = run.start('scanner', 'node', started, { env: { ...process.env, DRAY_WEB: web } });
    await tab.goTo('workflows');
    await daemon.ctl('limit', '1M');
    const id = await addWorkflow(tab, { title: 'Fetch and scan', steps: [
      { name: 'fetch', kind: 'download', url: `${server.url}?scanned` },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: server.sha256 },
      { name: 'read', kind: 'scan', file: '${fetch.file}', needs: ['check'] },
    ] });
    await stepIs('fetch', 'running');
    const moved = (text) => Number(/(\d+) %/.exec(text)?.[1] ?? 0) > 5;
    await until('it moves', async () => moved(await step('fetch').innerText()) && moved(await tab.page.locator(`tr[data-workflow=${id}]`).innerText()));
    await picture('workflow');
    await tab.page.locator('#workflow').getByRole('button', { name: 'Pause' }).click();
    await other.goTo('workflows');
    await other.page.locator(`tr[data-workflow=${id}][data-state=paused]`).getByRole('button', { name: 'Resume' }).click();
    await daemon.ctl('limit', '0');
    await stepIs('check', 'succeeded');
    await stepIs('read', 'running');
    await other.goTo('agents');
    const scanner = other.page.locator('tr[data-agent=scanner][data-status=busy]');
    await scanner.getByRole('link', { name: 'read' }).waitFor();
    agent.signal('SIGUSR2');
    await other.page.locator('tr[data-agent=scanner][data-status=idle]').waitFor();
    await stepIs('read', 'succeeded');
    await tab.page.locator(`tr[data-workflow=${id}][data-state=succeeded]`).waitFor();
    await other.page.getByRole('link', { name: 'scanner' }).click();
    await other.page.getByRole('img', { name: 'Work ended each minute: at most 1' }).locator('path.line').waitFor();
    await other.page.screenshot({ path: path.join(output, 'page-agent.png') });
    await agent.stop();
    await other.page.locator('tr[data-agent=scanner][data-status=offline]').waitFor();
  });
  await rows.run('a step that failed is told in words, tried again, and the rest goes on; a wrong file is refused where it was pasted', async () => {
    await tab.page.getByLabel('Paste its text here').fill('{"steps": [{"name": "a", "kind": "download", "url": "file:///etc/passwd"}]}');
    await tab.page.getByRole('button', { name: 'Add workflow' }).click();
    await tab.page.locator('#workflow-failure', { hasText: 'a' }).waitFor();
    await picture('workflow-refused');
    const id = await addWorkflow(tab, { title: 'Late', steps: [
      { name: 'fetch', kind: 'download', url: `http://127.0.0.1:${server.port}/late.txt` },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: createHash('sha256').update('late\n').digest('hex') },
    ] });
    await stepIs('check', 'failed');
    await step('fetch').getByText('the server answered 404').waitFor();
    await step('check').getByText('A job it builds on did not succeed.').waitFor();
    await picture('workflow-failed');
    writeFileSync(run.path('www', 'late.txt'), 'late\n');
    await step('fetch').getByRole('button', { name: 'Try step fetch again' }).click();
    await stepIs('check', 'succeeded');
    await step('fetch').getByRole('link').click();
    await tab.page.locator('#details h2', { hasText: 'late' }).waitFor();
    await tab.page.locator('#details').getByRole('link', { name: id }).click();
    await stepIs('check', 'succeeded');
    await tab.page.locator(`tr[data-workflow=${id}]`).getByRole('button', { name: 'Remove' }).click();
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await tab.page.locator(`tr[data-workflow=${id}]`).waitFor({ state: 'detached' });
    await tab.hadNoTrouble();
    await other.hadNoTrouble();
  });
  await tab.close();
  await other.close();
}

async function writesDrives(scene, rows) {
  const { run, daemon } = scene;
  const image = path.join(daemon.downloads, 'drive.img');
  writeFileSync(image, randomFillSync(Buffer.alloc(2 * MiB + 345)));
  const plugIn = (bytes = 8 * MiB) => LoopDevice.plugIn(run, 'stick', bytes).catch(({ message }) => { throw new Skipped(message); });
  const tab = await Tab.open(scene);
  await tab.signIn();
  await tab.goTo('drives');
  await rows.run('a drive that is plugged in appears, is written after a yes, verified, and ejected or gone at once', async () => {
    const stick = await plugIn();
    const drive = tab.page.locator(`tr[data-drive="${stick.id}"]`);
    await drive.getByRole('checkbox').check();
    await tab.page.getByLabel('Image on the computer').fill(image);
    await tab.page.getByRole('button', { name: 'Erase and write' }).click();
    await tab.page.getByRole('dialog').getByText(stick.device).waitFor();
    await tab.page.screenshot({ path: path.join(output, 'page-erase.png') });
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Erase and write' }).click();
    await tab.page.getByText('Writing has begun').waitFor();
    await tab.goTo('jobs');
    const id = await until('the flash is there', async () => (await jobs(daemon)).find(({ kind }) => kind === 'flash')?.id);
    await tab.inState(id, 'succeeded');
    execFileSync('cmp', ['-n', String(2 * MiB + 345), image, stick.device]);
    await tab.goTo('history');
    await tab.page.locator('tbody tr', { hasText: 'drive.img' }).getByText('Verified').waitFor();
    await tab.goTo('drives');
    await stick.pullOut();
    await drive.waitFor({ state: 'detached' });
    await tab.hadNoTrouble();
  });
  await rows.run('an image is fetched, checked and written to a drive from one form', async () => {
    const stick = await plugIn(32 * MiB);
    await tab.goTo('workflows');
    const form = tab.page.locator('form', { hasText: 'Fetch, check, write to drives' });
    await form.getByLabel('Address of the image').fill(scene.server.url);
    await form.getByLabel('Its SHA-256').fill(scene.server.sha256);
    await form.locator(`tr[data-drive="${stick.id}"]`).getByRole('checkbox').check();
    await form.getByRole('button', { name: 'Fetch, check and write' }).click();
    await tab.page.getByRole('dialog').getByText(stick.device).waitFor();
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Fetch, check and write' }).click();
    await tab.page.locator('#workflow tr[data-step=write][data-state=succeeded]').waitFor({ timeout: 60_000 });
    execFileSync('cmp', ['-n', String(scene.server.size), path.join(run.path('www'), 'image.iso'), stick.device]);
    await stick.pullOut();
    await tab.hadNoTrouble();
  }, { seconds: 90 });
  await tab.close();
  await rows.run('a sign-in that may not erase asks, and nothing is written before the yes', async () => {
    const stick = await plugIn();
    const asker = await Tab.open(scene);
    await asker.signIn(await makeToken(daemon, 'asker', ['read', 'control', 'add']));
    await asker.goTo('drives');
    await asker.page.locator(`tr[data-drive="${stick.id}"]`).getByRole('checkbox').check();
    await asker.page.getByLabel('Image on the computer').fill(image);
    await asker.page.getByRole('button', { name: 'Ask to write' }).click();
    await asker.page.getByText('Nothing is erased before').waitFor();
    assert.ok(readFileSync(stick.file).every((byte) => byte === 0));
    await asker.goTo('jobs');
    const id = await newestId(daemon);
    await asker.row(id).getByText('Waiting for your yes').waitFor();
    await daemon.ctl('confirm', id, '--erase', stick.id);
    await asker.inState(id, 'succeeded');
    await stick.pullOut();
    await asker.close();
  });
  await rows.run('who may erase is asked in the page too, with nothing agreed to beforehand, and the yes or no is theirs', async () => {
    const stick = await plugIn();
    const asker = await Tab.open(scene);
    const answerer = await Tab.open(scene);
    await asker.signIn(await makeToken(daemon, 'night job', ['read', 'control', 'add']));
    await answerer.signIn(await makeToken(daemon, 'answerer', ['read', 'control', 'add', 'flash']));
    const ask = async () => {
      await asker.goTo('drives');
      await asker.page.locator(`tr[data-drive="${stick.id}"]`).getByRole('checkbox').check();
      await asker.page.getByLabel('Image on the computer').fill(image);
      await asker.page.getByRole('button', { name: 'Ask to write' }).click();
      await asker.page.getByText('Nothing is erased before').waitFor();
      return newestId(daemon);
    };
    const refused = await ask();
    await answerer.page.getByRole('button', { name: 'Refuse' }).click();
    await answerer.inState(refused, 'canceled');
    const agreed = await ask();
    assert.equal(await asker.page.getByText('waits for a yes').count(), 0);
    await answerer.page.getByRole('button', { name: 'Look and answer' }).click();
    const dialog = answerer.page.getByRole('dialog');
    for (const told of [stick.device, '“night job” wants to erase', 'Everything on it is erased']) await dialog.getByText(told).first().waitFor();
    const yes = dialog.getByRole('button', { name: 'Erase and write' });
    assert.equal(await yes.isDisabled(), true);
    await dialog.getByRole('checkbox', { name: 'Erase this one' }).check();
    await answerer.page.screenshot({ path: path.join(output, 'page-held.png') });
    assert.deepEqual(await violations(answerer.page, web), []);
    assert.ok(readFileSync(stick.file).every((byte) => byte === 0));
    await yes.click();
    await answerer.inState(agreed, 'succeeded');
    execFileSync('cmp', ['-n', String(2 * MiB + 345), image, stick.device]);
    await answerer.page.getByText('waits for a yes').waitFor({ state: 'detached' });
    await stick.pullOut();
    for (const tab of [asker, answerer]) await tab.hadNoTrouble();
    for (const tab of [asker, answerer]) await tab.close();
  });
}

async function changes(scene, rows) {
  const { daemon } = scene;
  const tab = await Tab.open(scene);
  await tab.signIn();
  await tab.goTo('settings');
  const setting = (key) => tab.page.locator(`[data-setting="${key}"]`);
  await rows.run('a setting is changed for everyone, and a wrong one is refused where it stands', async () => {
    await setting('download.connections').getByRole('textbox').fill('5');
    await tab.page.keyboard.press('Enter');
    await setting('download.connections').getByText('Saved').waitFor();
    const { lines } = await daemon.ctl('settings', 'download.connections');
    assert.match(lines.join(' '), /\b5\b/);
    await setting('queue.hours').getByRole('textbox').fill('at night');
    await tab.page.keyboard.press('Enter');
    await setting('queue.hours').getByRole('alert').waitFor();
    await tab.page.screenshot({ path: path.join(output, 'page-setting-refused.png') });
  });
  await rows.run('a token that is revoked in the page signs its tab out at once', async () => {
    const guest = await Tab.open(scene);
    await guest.signIn(await makeToken(daemon, 'guest', ['read']));
    await tab.page.getByRole('button', { name: 'Revoke: guest' }).click();
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await guest.page.locator('.badge', { hasText: 'Not signed in' }).waitFor();
    await guest.close();
  });
  await rows.run('a program that asks to be let in is shown with its code, and let in', async () => {
    const asker = await Tab.open(scene);
    await asker.page.goto(scene.base);
    await asker.page.getByRole('button', { name: 'Ask to be let in' }).click();
    const code = (await asker.page.locator('.code').innerText()).trim();
    await tab.page.getByText(`shows the code ${code}`).waitFor();
    await tab.page.getByRole('button', { name: 'Let in', exact: true }).click();
    await asker.isLive();
    await asker.goTo('settings');
    await asker.page.getByText('may not see who else is let in').waitFor();
    await asker.close();
    await tab.hadNoTrouble();
  });
  await tab.close();
}

async function survives(scene, rows) {
  const { daemon, server } = scene;
  const tab = await Tab.open(scene);
  await tab.signIn();
  await rows.run('a server that is killed is called offline since then, and caught up with when it is back', async () => {
    await daemon.ctl('limit', '1M');
    await tab.paste(`${server.url}?killed`);
    await tab.page.keyboard.press('Enter');
    const id = await until('it runs', async () => (await jobs(daemon)).find(({ state }) => state === 'running')?.id);
    await tab.inState(id, 'running');
    await until('some of it is here', async () => (await jobs(daemon)).some((job) => job.id === id && job.done > 2 * MiB));
    process.kill(daemon.pid, 'SIGKILL');
    await tab.page.locator('.badge', { hasText: 'Offline since' }).waitFor();
    assert.equal(await tab.row(id).getByRole('button', { name: 'Pause' }).isDisabled(), true);
    await tab.page.screenshot({ path: path.join(output, 'page-offline.png') });
    await until('it has ended', () => !daemon.isRunning);
    await daemon.start();
    await daemon.ctl('limit', '0');
    await tab.isLive();
    await tab.inState(id, 'succeeded');
    const [{ target }] = (await jobs(daemon)).filter((job) => job.id === id);
    assert.equal(sha256(target), server.sha256);
    await tab.hadNoTrouble();
  });
  await tab.close();
  await rows.run('where WebSockets are blocked the page polls, says so, and works', async () => {
    const blocked = await Tab.open(scene);
    await blocked.context.routeWebSocket(/.*/, (socket) => socket.close({ code: 1011 }));
    await blocked.page.goto(scene.base);
    await blocked.page.getByLabel('Token').fill(scene.token);
    await blocked.page.keyboard.press('Enter');
    await blocked.page.locator('.badge', { hasText: 'Polling' }).waitFor();
    await blocked.page.getByLabel('Address of a file').fill(`http://127.0.0.1:${server.port}/small.txt?polled`);
    await blocked.page.keyboard.press('Enter');
    const id = await until('it ends', async () => (await jobs(daemon)).find(({ state, source }) => source.endsWith('?polled') && state === 'succeeded')?.id);
    await blocked.inState(id, 'succeeded');
    await blocked.goTo('agents');
    await blocked.page.locator('tr[data-agent=downloader]').waitFor();
    await blocked.page.locator('dd[data-count=registeredAgents]').waitFor();
    await blocked.goTo('workflows');
    await blocked.page.locator('tr[data-workflow]').first().waitFor();
    await blocked.close();
  });
}

async function isPictured(scene, rows) {
  const looks = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true }],
    ['arabic', { locale: 'ar-EG' }],
  ];
  await scene.daemon.ctl('add', scene.server.url, '--name', 'pictured.iso');
  for (const [look, options] of looks) {
    await rows.run(`every view is pictured in ${look}, and axe-core finds nothing`, async () => {
      const tab = await Tab.open(scene, options);
      await tab.signIn();
      assert.equal(await tab.page.evaluate(() => document.dir), look === 'arabic' ? 'rtl' : 'ltr');
      const { id } = JSON.parse((await scene.daemon.ctl('--json', 'workflows')).lines.join(''))[0];
      for (const view of [...views, `workflows/${id}`, 'agents/downloader']) {
        await tab.goTo(view);
        await tab.page.waitForFunction(() => !/…$/.test(document.querySelector('main .empty p')?.textContent ?? ''));
        await tab.page.screenshot({ path: path.join(output, `page-${view.replace('/', '-')}-${look}.png`) });
        assert.deepEqual(await violations(tab.page, web), [], view);
      }
      await tab.hadNoTrouble();
      await tab.close();
    });
  }
}

await runRows('page', main, 'page');
