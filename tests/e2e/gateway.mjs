// The gateway's protocol, used by a client in Dart's style: it connects again by itself, tells what happens by
// callbacks and takes every number only as the type it was declared with. Against a real nginx, with the
// server killed and started again in the middle.
//
//     node gateway.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code 0
// when every case is as it must be.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { GatewayClient, messageFrom } from './support/gatewayclient.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const fileSize = 24 * MiB + 7;
const bytesPerSecond = MiB / 2; // of each of the eight connections

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

/** A program with a client: what it was told, in order. */
class Program {
  messages = [];
  statuses = [];
  faults = [];

  constructor({ daemon, token }) {
    this.client = new GatewayClient({
      url: `ws://127.0.0.1:${daemon.port}/ws`,
      token,
      onMessage: (message) => this.messages.push(message),
      onStatus: (status, code) => this.statuses.push(code === undefined ? status : `${status} ${code}`),
      onFault: (fault) => this.faults.push(fault),
    });
  }

  async connect() {
    void this.client.connect();
    await this.isAt('connected');
  }

  isAt(status) {
    return until(status, () => this.statuses.at(-1) === status);
  }

  of(id, type) {
    return this.messages.filter((message) => message.id === id && message.type === type);
  }

  /** Waits for the next message that `matches`, after those so far. */
  async next(what, matches) {
    const from = this.messages.length;
    return () => until(what, () => this.messages.slice(from).find(matches));
  }

  /** Sends by `act` and waits for what follows. */
  async after(act, what, matches) {
    const wait = await this.next(what, matches);
    act();
    return wait();
  }

  /** Adds a download and answers its id. */
  async add(url) {
    const known = new Set(this.messages.map((message) => message.id));
    const isNew = (message) => message.type === 'download_progress' && !known.has(message.id);
    return (await this.after(() => this.client.add(url), 'the new download', isNew)).id;
  }

  disconnect() {
    this.client.disconnect();
  }
}

const isProgress = (id, matches) => (message) => message.type === 'download_progress' && message.id === id && matches(message);
const isError = (message) => message.type === 'error';
const fails = (id, error) => (message) => message.type === 'download_error' && message.id === id && message.error === error;
const completes = (id) => (message) => message.type === 'download_complete' && message.id === id;

async function main(run, rows) {
  const server = await FileServer.start(run, { name: 'image.bin', size: fileSize, bytesPerSecond });
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const scene = { run, server, daemon, token: await tokenFor(daemon, 'gateway') };
  scene.program = new Program(scene);
  await scene.program.connect();
  await rows.run('the checker itself refuses what a typed client does', checksTypes);
  await obeys(scene, rows);
  await survives(scene, rows);
  await keepsTheDoor(scene, rows);
  await rows.run('every message had the declared types', async () => assert.deepEqual(scene.program.faults, []));
  scene.program.disconnect();
}

async function checksTypes() {
  const progress = (number) => `{"type":"download_progress","download_id":"1","progress":${number},"speed":5}`;
  assert.equal(messageFrom(progress('1.0')).progress, 1);
  assert.equal(messageFrom(progress('1.0')).speed, 5);
  for (const number of ['1', '0', 'null', '"0.5"']) assert.throws(() => messageFrom(progress(number)), TypeError, number);
  assert.throws(() => messageFrom('{"type":"download_complete","download_id":1,"file_path":"/x"}'), TypeError);
}

async function tokenFor(daemon, ...options) {
  const { code, lines } = await daemon.ctl('--json', 'token', 'add', ...options);
  assert.equal(code, 0, lines.join('\n'));
  return JSON.parse(lines.join('\n')).token;
}

async function stateOf({ daemon }, id) {
  const { lines } = await daemon.ctl('--json', 'show', id);
  return JSON.parse(lines.join('\n')).state;
}

async function obeys(scene, rows) {
  const { program, server } = scene;
  const { client } = program;
  await rows.run('add, pause and resume', async () => {
    scene.id = await program.add(server.url);
    const { id } = scene;
    await (await program.next('it moves', isProgress(id, (message) => message.progress > 0 && message.speed > 0)))();
    await program.after(() => client.command('pause_download', id), 'it stands', isProgress(id, ({ speed }) => speed === 0));
    await until('it is paused', async () => (await stateOf(scene, id)) === 'paused');
    const stood = program.of(id, 'download_progress').at(-1).progress;
    const moves = isProgress(id, (message) => message.progress > stood && message.speed > 0);
    await program.after(() => client.command('resume_download', id), 'it goes on', moves);
    await scene.daemon.ctl('limit', '200k', id); // it still runs when the server is killed
  });
  await rows.run('cancel and retry', async () => {
    const id = await program.add(server.url);
    await program.after(() => client.command('cancel_download', id), 'canceled', fails(id, 'canceled'));
    assert.equal(await stateOf(scene, id), 'canceled');
    await program.after(() => client.command('retry_download', id), 'it runs again', isProgress(id, ({ speed }) => speed > 0));
    await program.after(() => client.command('cancel_download', id), 'canceled', fails(id, 'canceled'));
    const forgotten = await program.next('removed', fails(id, 'canceled'));
    assert.equal((await scene.daemon.ctl('remove', id)).code, 0);
    await forgotten();
  });
  await rows.run('a download that fails says why', async () => {
    const id = await program.add(`http://127.0.0.1:${server.port}/absent.bin`);
    await until('it fails', () => program.of(id, 'download_error').length > 0);
    assert.match(program.of(id, 'download_error')[0].error, /404/);
  });
  await rows.run('bad messages get an error and the socket stays', async () => {
    for (const text of ['', 'pause', '[]', '{"action":"explode"}', '{"action":"pause_download"}', '{"action":"add_download","url":"file:///etc/passwd"}'])
      await program.after(() => client.send(text), `an error for ${text}`, isError);
    await program.after(() => client.command('pause_download', '4711'), 'not found', isError);
    assert.equal(program.statuses.at(-1), 'connected');
  });
}

async function survives(scene, rows) {
  const { program, daemon, server } = scene;
  await rows.run('the server is killed and started again', async () => {
    assert.equal(await stateOf(scene, scene.id), 'running');
    process.kill(daemon.pid, 'SIGKILL');
    await until('the client notices', () => program.statuses.includes('disconnected 1006'));
    await until('drayd is gone', () => !daemon.isRunning);
    const seen = program.messages.length;
    await daemon.start();
    await program.isAt('connected');
    await until('the download is told', () => program.messages.slice(seen).some(isProgress(scene.id, ({ progress }) => progress > 0)));
    await daemon.ctl('limit', '0', scene.id);
    await until('it completes', () => program.of(scene.id, 'download_complete').length > 0, 60);
    const file = program.of(scene.id, 'download_complete')[0].path;
    assert.equal(createHash('sha256').update(readFileSync(file)).digest('hex'), server.sha256);
    assert.equal(path.dirname(file), daemon.downloads);
  }, { seconds: 120 });
  await rows.run('the server ends and is started again', async () => {
    const seen = program.statuses.length;
    await daemon.stop();
    await until('the client is told', () => program.statuses.slice(seen).includes('disconnected 1001'));
    await daemon.start();
    await program.isAt('connected');
  });
  await rows.run('who was away learns how it ended', async () => {
    const away = new Program(scene);
    await away.connect();
    const id = await away.add(server.url);
    away.disconnect();
    await until('it completes', () => program.of(id, 'download_complete').length > 0, 60);
    const back = new Program(scene);
    await back.connect();
    await until('it is told', () => back.messages.some(completes(id)));
    assert.deepEqual(back.faults, []);
    back.disconnect();
  }, { seconds: 90 });
}

async function keepsTheDoor(scene, rows) {
  const { daemon, program } = scene;
  await rows.run('a wrong token is told so and ends the attempts', async () => {
    const stranger = new Program({ ...scene, token: 'guess' });
    void stranger.client.connect();
    await stranger.isAt('refused 1008');
    assert.deepEqual(stranger.messages, [{ type: 'error', message: 'Not logged in: a valid token is needed' }]);
  });
  await rows.run('a revoked token ends the attempts', async () => {
    const { code, lines } = await daemon.ctl('--json', 'token', 'add', 'brief');
    assert.equal(code, 0);
    const { id, token } = JSON.parse(lines.join('\n'));
    const brief = new Program({ ...scene, token });
    await brief.connect();
    assert.equal((await daemon.ctl('token', 'revoke', id)).code, 0);
    await brief.isAt('refused 4505');
  });
  await rows.run('a reader commands nothing', async () => {
    const reader = new Program({ ...scene, token: await tokenFor(daemon, 'reader', '--scope', 'read') });
    await reader.connect();
    for (const action of ['pause_download', 'resume_download', 'cancel_download', 'retry_download'])
      await reader.after(() => reader.client.command(action, scene.id), `${action} is refused`, isError);
    await reader.after(() => reader.client.add(scene.server.url), 'add is refused', isError);
    reader.disconnect();
  });
  await rows.run('a fenced owner sees and commands only its own', async () => {
    const eve = new Program({ ...scene, token: await tokenFor(daemon, 'eve', '--owner', 'eve') });
    await eve.connect();
    for (const action of ['pause_download', 'cancel_download', 'retry_download'])
      await eve.after(() => eve.client.command(action, scene.id), `${action} finds nothing`, (message) => isError(message) && /Not found/.test(message.message));
    const id = await eve.add(scene.server.url);
    await eve.after(() => eve.client.command('cancel_download', id), 'canceled', fails(id, 'canceled'));
    assert.deepEqual([...new Set(eve.messages.map((message) => message.id))].filter((known) => known !== undefined), [id]);
    assert.ok(program.messages.every((message) => message.id !== id));
    eve.disconnect();
  });
}

await runRows('gateway', main, 'the gateway');
