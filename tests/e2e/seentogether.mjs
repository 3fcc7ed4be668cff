// Seen together: one download, watched at the same moment in the window, the page, a WebSocket
// client and the terminal.
//
//     node seentogether.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds dray and drayctl, WEB the node_modules with playwright-core, OUTPUT takes the
// screenshots. Ends with exit code 0 when everything below was seen.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Dashboard } from './support/dashboard.mjs';
import { FileServer } from './support/fileserver.mjs';
import { Hub, provenRanges } from './support/hub.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { Screen } from './support/screen.mjs';
import { Sight, assertSeenAlike, assertSeenFromJoining } from './support/sight.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const fileSize = 256 * MiB;
/** A download that goes on compares this many bytes that it has. */
const overlapBytes = 64 * 1024;
const connections = 4;
const bytesPerSecond = 24 * MiB;

const [programs, web, output] = process.argv.slice(2).map((argument) => path.resolve(argument));

/** The four who look on, and what each has seen of each job. */
class Onlookers {
  #sights = new Map();

  see(name, { id, ...look }) {
    this.#of(name, id).see(look);
  }

  sights(id) {
    return ['window', 'page', 'client', 'terminal'].map((name) => this.#of(name, id));
  }

  /** Waits until everyone sees the job in that state. */
  async allSee(id, state, seconds) {
    await until(`all see job ${id} ${state}`, () => this.sights(id).every((sight) => sight.state === state), seconds);
  }

  /** After a restart everyone looks anew. */
  forget() {
    this.#sights.clear();
  }

  #of(name, id) {
    const key = `${name} ${id}`;
    if (!this.#sights.has(key)) this.#sights.set(key, new Sight(name));
    return this.#sights.get(key);
  }
}

async function main(run) {
  mkdirSync(output, { recursive: true });
  const server = await FileServer.start(run, { name: 'image.bin', size: fileSize, bytesPerSecond: bytesPerSecond / connections });
  const screen = await Screen.start(run);
  const hub = new Hub(run, { programs, screen, port: await freePort() });
  const onlookers = new Onlookers();
  const scene = { run, server, screen, hub, onlookers };

  await hub.start((row) => onlookers.see('window', row));
  await gather(scene);
  await seesOneDownload(scene);
  await resumesAfterKill(scene);
}

/** Opens the page, the clients and the terminal. */
async function gather(scene) {
  const { run, hub, onlookers } = scene;
  const url = await loginUrl(hub);
  scene.page = await Dashboard.open(run, { web, url, onRow: (row) => onlookers.see('page', row) });
  scene.client = new NativeClient();
  scene.client.on('job', (job) => onlookers.see('client', job));
  await scene.client.connect(hub.endpoint());
  scene.cutOff = new NativeClient();
  await scene.cutOff.connect(hub.endpoint());
  await scene.page.isLive();
  await watchTerminal(scene);
}

async function loginUrl(hub) {
  return (await hub.ctl('page'))[0];
}

/** Comes back when the terminal listens too: an empty list prints nothing to wait for. */
async function watchTerminal({ hub, onlookers, client }) {
  const subscriptions = async () => (await client.call('metrics.get', {})).subscriptions;
  const before = await subscriptions();
  hub.watch((job) => onlookers.see('terminal', job));
  await until('the terminal listens', async () => (await subscriptions()) > before);
}

async function add({ hub, server }, name) {
  const lines = await hub.ctl('--json', 'add', server.url, '--name', name, '--connections', String(connections), '--sha256', server.sha256);
  return JSON.parse(lines[0]).id;
}

/** Progress as the WebSocket client has it. */
function reached({ client }, id, share) {
  return until(`job ${id} is ${share * 100} % done`, () => client.jobs.get(id)?.done >= share * fileSize, 60);
}

async function seesOneDownload(scene) {
  const { onlookers, page, hub, screen, server } = scene;
  const id = await add(scene, 'together.bin');
  await page.openDetails(id);
  await reached(scene, id, 0.2);
  await screen.save(path.join(output, 'window.png'));
  await page.save(path.join(output, 'page.png'));

  await page.press(id, 'Pause');
  await onlookers.allSee(id, 'paused');
  await missesNothing(scene, () => hub.ctl('resume', id));
  await onlookers.allSee(id, 'succeeded', 60);

  const { sha256 } = server;
  assertSeenAlike(onlookers.sights(id), { states: ['queued', 'running', 'paused', 'queued', 'running', 'succeeded'], sha256 });
  assert.equal(await digestOf(path.join(hub.downloads, 'together.bin')), sha256);
}

/** A client is cut off while `happening` happens, comes back, and has every event the other has. */
async function missesNothing({ client, cutOff, hub }, happening) {
  const lost = new Promise((resolve) => cutOff.once('close', resolve));
  cutOff.cut();
  await lost;
  const before = client.events.length;
  await happening();
  await until('something was missed', () => client.events.length > before + 1);
  const hello = await cutOff.connect(hub.endpoint());
  assert.equal(hello.recovered, true, 'the server replays what was missed');
  await until('the client caught up', () => cutOff.events.at(-1)?.seq >= client.events.at(-1).seq);
  const sequences = (one) => one.events.map((event) => event.seq);
  assert.deepEqual(sequences(cutOff), sequences(client).slice(0, cutOff.events.length));
}

async function resumesAfterKill(scene) {
  const { hub, onlookers, server, client, page } = scene;
  const target = path.join(hub.downloads, 'killed.bin');
  const id = await add(scene, 'killed.bin');
  await reached(scene, id, 0.5);
  await hub.kill();
  const proven = provenRanges(target);
  const killedAt = Date.now();
  await page.saysOffline();
  await page.leave();

  onlookers.forget();
  await hub.start((row) => onlookers.see('window', row));
  await client.connect(hub.endpoint());
  await watchTerminal(scene);
  await page.visit(await loginUrl(hub));
  await page.openDetails(id);
  await onlookers.allSee(id, 'succeeded', 60);

  assertSeenFromJoining(onlookers.sights(id), { states: ['queued', 'running', 'succeeded'], sha256: server.sha256 });
  assert.equal(await digestOf(target), server.sha256);
  // Requests that the kill cut off end late in nginx's log; only those that began later count.
  assertNotFetchedAgain(proven, server.requests().filter((request) => request.begunAt > killedAt));
}

function assertNotFetchedAgain(proven, requests) {
  const bytes = proven.reduce((sum, { begin, end }) => sum + end - begin, 0);
  assert.ok(bytes > 0, 'the journal proves something');
  for (const { range, begin, sent } of requests)
    for (const kept of proven)
      assert.ok(begin + sent <= kept.begin || begin >= kept.end - overlapBytes, `${range} took ${sent} bytes, but ${kept.begin}-${kept.end - 1} was there`);
}

async function digestOf(file) {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  return hash.digest('hex');
}

await runTest('seentogether', main, { success: 'seen together: one download, four onlookers, the same story' });
