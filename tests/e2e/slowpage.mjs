// The page over a slow link: four tenths of a second each way, 20 KiB a second. It opens, says how it is
// connected, progress and commands get through; what happened while the link was dead is there afterwards.
//
//     node slowpage.mjs PROGRAMS WEB OUTPUT
//
// As page.mjs.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { Tab } from './support/pagetab.mjs';
import { runRows } from './support/rows.mjs';
import { linkAddress, SlowLink } from './support/slowlink.mjs';
import { freePort, until } from './support/testrun.mjs';

const KiB = 1024;
const MiB = 1024 * KiB;
/** What the hub is called beyond the link. */
const host = 'slow.test';
const [programs, web, output] = process.argv.slice(2).map((argument) => path.resolve(argument));
const fromWeb = createRequire(path.join(web, 'package.json'));

/** Runs in the page: each state of the connection that it showed, in order. */
function noteStates() {
  window.states = [];
  const note = () => {
    const state = document.querySelector('.badge')?.className.split(' ').find((name) => name !== 'badge' && !name.startsWith('svelte-'));
    if (state && window.states.at(-1) !== state) window.states.push(state);
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
}

async function main(run, rows) {
  mkdirSync(output, { recursive: true });
  const server = await FileServer.start(run, { name: 'image.iso', size: 24 * MiB, bytesPerSecond: MiB });
  writeFileSync(run.path('www', 'small.txt'), 'small\n');
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-host', host] });
  await daemon.start();
  const link = await SlowLink.start(run, daemon.port, { delayMs: 400, bytesPerSecond: 20 * KiB });
  const browser = await fromWeb('playwright-core').chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-sync', `--host-resolver-rules=MAP ${host} ${linkAddress}`] });
  run.onEnd(() => browser.close());
  const { lines } = await daemon.ctl('--json', 'token', 'add', 'slow', '--scope', 'read', '--scope', 'control', '--scope', 'add');
  const scene = { run, server, daemon, link, browser, base: `http://${host}:${daemon.port}/`, token: JSON.parse(lines.join('')).token };
  await isUsable(scene, rows);
}

async function jobs(daemon) {
  const { lines } = await daemon.ctl('--json', 'list');
  return lines.flatMap((line) => JSON.parse(line));
}

async function added(daemon, url, name, ...more) {
  const { lines } = await daemon.ctl('--json', 'add', url, '--name', name, ...more);
  return JSON.parse(lines[0]).id;
}

/** The page shows every job in the state in which the hub has it. */
function isTrue(tab, daemon) {
  const brief = (all) => all.sort().join('\n');
  return until('the page shows what is', async () => {
    const shown = await tab.page.locator('tr[data-job]').evaluateAll((all) => all.map((row) => `${row.dataset.job} ${row.dataset.state}`));
    return brief(shown) === brief((await jobs(daemon)).map(({ id, state }) => `${id} ${state}`));
  });
}

/** Over such a link a command takes a second and more. */
const slowly = ['--limit', '1M'];

async function isUsable(scene, rows) {
  const { daemon, server, link } = scene;
  for (let count = 0; count < 8; count++) await added(daemon, `http://127.0.0.1:${server.port}/small.txt?${count}`, `small${count}.txt`);
  const tab = await Tab.open(scene);
  await tab.page.addInitScript(noteStates);
  const percent = async (id) => Number(/(\d+) %/.exec(await tab.row(id).innerText())?.[1] ?? -1);
  await rows.run('the page opens, says that it catches up, and is live', async () => {
    await tab.signIn();
    await isTrue(tab, daemon);
    const states = await tab.page.evaluate(() => window.states);
    assert.deepEqual(states.slice(-3), ['connecting', 'catchingUp', 'connected']);
    await tab.page.screenshot({ path: path.join(output, 'page-slow.png') });
  }, { seconds: 90 });
  await rows.run('progress arrives, and a cancel gets through', async () => {
    const id = await added(daemon, `${server.url}?cancel`, 'gone.iso', ...slowly);
    await tab.inState(id, 'running');
    const first = await percent(id);
    await until('it moves', async () => (await percent(id)) > first + 5);
    await tab.row(id).getByRole('button', { name: 'Cancel:' }).click();
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click();
    await tab.inState(id, 'canceled');
    assert.equal((await jobs(daemon)).find((job) => job.id === id).state, 'canceled');
    await isTrue(tab, daemon);
  });
  await rows.run('after a moment without a link nothing that is shown is stale', async () => {
    const id = await added(daemon, `${server.url}?moment`, 'moment.iso', ...slowly);
    await tab.inState(id, 'running');
    await tab.page.evaluate(() => (window.states.splice(0, window.states.length - 1)));
    link.cut();
    await daemon.ctl('pause', id);
    const other = await added(daemon, `http://127.0.0.1:${server.port}/small.txt?moment`, 'moment.txt');
    await until('it has ended', async () => (await jobs(daemon)).find((job) => job.id === other).state === 'succeeded');
    link.mend();
    await tab.inState(id, 'paused');
    await isTrue(tab, daemon);
    assert.deepEqual(await tab.page.evaluate(() => window.states), ['connected']);
    await daemon.ctl('cancel', id);
    await tab.inState(id, 'canceled');
  });
  await rows.run('a link that is dead for longer than the heartbeat is called offline, and afterwards all that happened is there', async () => {
    const id = await added(daemon, `${server.url}?dead`, 'dead.iso', ...slowly);
    await tab.inState(id, 'running');
    link.cut();
    const other = await added(daemon, `http://127.0.0.1:${server.port}/small.txt?dead`, 'dead.txt');
    await tab.page.locator('.badge', { hasText: 'Offline since' }).waitFor({ timeout: 90_000 });
    assert.equal(await tab.row(id).getByRole('button', { name: 'Pause' }).isDisabled(), true);
    assert.equal(await tab.row(other).count(), 0);
    await tab.page.screenshot({ path: path.join(output, 'page-dead-link.png') });
    await until('it has ended', async () => (await jobs(daemon)).find((job) => job.id === id).state === 'succeeded');
    link.mend();
    await tab.page.locator('.badge.connected').waitFor({ timeout: 60_000 });
    await tab.inState(id, 'succeeded');
    await isTrue(tab, daemon);
    await tab.hadNoTrouble();
  }, { seconds: 240 });
  await tab.close();
}

await runRows('slowpage', main, 'page over a slow link');
