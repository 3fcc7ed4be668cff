// Connections that last: clients of every live protocol, some of a busy owner and some of one where nothing happens,
// stay for longer than any silence that is allowed; links drop, a client sleeps, the hub is restarted. Every client
// must show what is, and none may be closed without a reason.
//
//     node stability.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with socket.io-client, ws and esbuild and the client library's
// source; OUTPUT is not used. It takes a minute; with DRAY_STABILITY_MINUTES=60 in the environment an hour, with a
// restart every twelve minutes. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { rest } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';
import { LibraryWatcher, NativeWatcher, RoomWatcher, TaskWatcher } from './support/watchers.mjs';

const [programs, web] = process.argv.slice(2).map((argument) => path.resolve(argument));
const fromWeb = createRequire(path.join(web, 'package.json'));
const minutes = Number(process.env.DRAY_STABILITY_MINUTES ?? 0);
/** The hub closes who is silent for 45 s; its heartbeats come after 20 and 25. */
const silenceSeconds = 47;
const roundsInAll = minutes > 0 ? 5 : 1;
const roundSeconds = Math.max(silenceSeconds, (minutes * 60) / roundsInAll);
const cycleMs = 2_000;
const sleepMs = 5_000;
const jobsKept = 20;

/** An owner's work: a workflow that a program reports, and tasks; and who watches it. */
class Owner {
  /** Every state of the workflow, in order. */
  states = [];
  /** "TASK TYPE" of every message, in order. */
  told = [];
  watchers = [];
  #tasks = 0;
  #changes = 0;

  constructor(scene, name) {
    Object.assign(this, { scene, name });
  }

  async begin() {
    const { code, lines } = await this.scene.daemon.ctl('token', 'add', this.name, '--owner', this.name);
    assert.equal(code, 0, lines.join('\n'));
    [this.token] = lines;
    const steps = [{ name: 'work', kind: 'report', title: `Work of ${this.name}` }];
    this.workflow = (await this.ask('POST', 'workflows', { title: 'Work', steps })).workflow.id;
    this.job = await until('its job is there', async () => (await this.ask('GET', `workflows/${this.workflow}`)).workflow.steps[0].job);
    await this.change({ state: 'running' });
    await this.#watch();
  }

  async #watch() {
    const { library, io } = this.scene;
    this.producer = new TaskWatcher('producer', this, { io, transports: ['websocket'] });
    this.watchers = [
      new NativeWatcher('native', this),
      new LibraryWatcher('library', this, library),
      new RoomWatcher('rooms', this),
      new TaskWatcher('polling', this, { io, transports: ['polling'] }),
      this.producer,
    ];
    for (const watcher of this.watchers) {
      this.scene.run.onEnd(async () => watcher.end());
      await watcher.connect();
    }
    await this.allConnected();
  }

  allConnected() {
    return this.#all('is connected', (watcher) => watcher.isConnected);
  }

  async allAlike() {
    await this.#all('shows what is', async (watcher) => watcher.isAlike(await this.truth()));
    for (const { losses } of this.watchers) assert.deepEqual(losses, []);
  }

  async #all(what, isSo) {
    for (const watcher of this.watchers) await until(`${watcher.name} of ${this.name} ${what}`, () => isSo(watcher), 20);
  }

  endpoint() {
    return { ...this.scene.daemon.endpoint(), token: this.token };
  }

  async ask(method, where, body) {
    const { status, json } = await rest(this.scene.daemon, method, `/api/v1/${where}`, body, this.token);
    assert.ok(status < 300, `${method} ${where}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  async truth() {
    const { jobs } = await this.ask('GET', 'jobs?limit=100');
    const { workflow } = await this.ask('GET', `workflows/${this.workflow}`);
    return { jobs, workflow };
  }

  async change(members) {
    this.#changes += 1;
    await this.ask('POST', `jobs/${this.job}/report`, { message: `change ${this.#changes}`, ...members });
    if (members.state) this.states.push(members.state);
    const isSeen = async () => (await this.ask('GET', `workflows/${this.workflow}`)).workflow.message === `change ${this.#changes}`;
    await until('the workflow shows it', isSeen);
  }

  /** One task from begin to end; only the last ones are kept. */
  async doTask() {
    this.#tasks += 1;
    const task = `task-${this.#tasks}`;
    for (const type of ['plan', 'working', 'complete']) {
      this.told.push(`${task} ${type}`);
      const { ok, job } = await this.producer.report({ type, task_id: task, conversation_id: 'c', message: type });
      assert.ok(ok);
      if (type === 'complete' && this.#tasks > jobsKept) await this.#removeOldest(job.id);
    }
  }

  async #removeOldest(newest) {
    const { jobs } = await this.ask('GET', 'jobs?state=succeeded&limit=100');
    const oldest = jobs.map(({ id }) => Number(id)).sort((a, b) => a - b)[0];
    if (String(oldest) !== newest) await this.ask('DELETE', `jobs/${oldest}`, {});
  }
}

async function main(run) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const scene = { run, daemon, library: await loadLibrary(run), io: fromWeb('socket.io-client').io };
  const owners = [new Owner(scene, 'busy'), new Owner(scene, 'quiet')];
  for (const owner of owners) await owner.begin();
  for (let round = 0; round < roundsInAll; round += 1) {
    await lastThroughASilence(...owners);
    await restart(daemon, owners);
  }
}

/** The page's library, as one module that this program can read. */
async function loadLibrary(run) {
  const outfile = run.path('client.mjs');
  const { build } = fromWeb('esbuild');
  await build({ entryPoints: [path.join(web, 'client/src/index.ts')], bundle: true, format: 'esm', outfile });
  const { DrayClient } = await import(pathToFileURL(outfile).href);
  return { DrayClient, WebSocket: fromWeb('ws') };
}

/** One owner's clients have much to see and lose their links; the other's hear nothing but heartbeats. */
async function lastThroughASilence(busy, quiet) {
  const end = Date.now() + roundSeconds * 1000;
  for (let cycle = 0; Date.now() < end; cycle += 1) {
    await work(busy);
    if (cycle % 3 === 1) await dropLinks(busy);
    if (cycle % 3 === 2) await sleepThrough(busy);
    await busy.allAlike();
    await pause(Math.max(0, Math.min(cycleMs, end - Date.now())));
  }
  await quiet.allAlike();
  await work(quiet);
  await quiet.allAlike();
}

async function work(owner) {
  await owner.change({ state: 'paused' });
  await owner.change({ state: 'running', done: 0, total: 100 });
  for (let done = 10; done <= 50; done += 10) await owner.change({ done });
  await owner.doTask();
}

/** Some links are cut while things go on; who comes back has missed nothing. */
async function dropLinks(owner) {
  const cut = owner.watchers.filter((watcher) => watcher.cut);
  for (const watcher of cut) {
    watcher.isLossExpected = true;
    watcher.cut();
  }
  await owner.change({ state: 'paused' });
  await owner.change({ state: 'running' });
  await owner.allConnected();
  await owner.allAlike();
  for (const watcher of cut) watcher.isLossExpected = false;
}

async function sleepThrough(owner) {
  const [native] = owner.watchers;
  native.client.sleep();
  await work(owner);
  await pause(sleepMs);
  native.client.wake();
}

async function restart(daemon, owners) {
  const watchers = owners.flatMap((owner) => owner.watchers);
  for (const watcher of watchers) watcher.isLossExpected = true;
  await daemon.stop();
  await daemon.start();
  for (const owner of owners) await owner.allConnected();
  for (const owner of owners) await owner.allAlike();
  for (const watcher of watchers) watcher.isLossExpected = false;
  for (const owner of owners) {
    await work(owner);
    await owner.allAlike();
  }
}

await runTest('stability', main, { success: 'stability: every client stayed connected, came back when it had to, and showed what is' });
