// The flash progress socket, watched by wscat and by a Python script, while real loop devices are written;
// and a script that tells of a flash of its own, which everyone sees.
//
//     node flashprogress.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with wscat and ajv; OUTPUT is not used. Ends with exit code 0
// when all held. Where nobody may have loop devices it is skipped, with the reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon } from './support/daemon.mjs';
import { loopDevices } from './support/loopdevice.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { Schemas } from './support/schemas.mjs';
import { freePort, runTest, Skipped, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const ImageBytes = 24 * MiB;
const [programs, web] = process.argv.slice(2).map((argument) => path.resolve(argument));
const schemas = new Schemas();
/** The one that Debian's python3-websockets is for; another may come first on PATH. */
const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('./support/flashclient.py', import.meta.url));

async function main(run) {
  const drives = await loopDevices(run, { count: 2, bytes: 64 * MiB });
  if (drives.reason) throw new Skipped(drives.reason);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const scene = { run, daemon, drives, image: makeImage(daemon) };
  await refusesAWrongToken(scene);
  scene.watchers = await startWatchers(scene);
  await tellsOfAFlash(scene);
  await tellsOfEveryDrive(scene);
  await asksWithoutTheScope(scene);
  await showsWhatAScriptTells(scene);
  for (const watcher of [...scene.watchers, scene.stranger]) watcher.checkAll();
}

/** In the download folder, where others than the admin may take it; packed, so that writing takes a while. */
function makeImage({ downloads }) {
  const file = path.join(downloads, 'image.raw');
  writeFileSync(file, randomFillSync(Buffer.alloc(ImageBytes / 2)).toString('hex'));
  execFileSync('bzip2', ['-k', file]);
  return { file, packed: `${file}.bz2` };
}

async function token({ daemon }, name, scopes, ...more) {
  const { lines } = await daemon.ctl('token', 'add', name, '--scope', scopes, ...more);
  return lines[0];
}

function socketUrl({ daemon }, value) {
  return `ws://127.0.0.1:${daemon.port}/flash-progress?token=${value}`;
}

/** A program that prints every message it gets as a line. */
class Watcher {
  constructor(child) {
    this.child = child;
  }

  static wscat({ run }, url) {
    const wscat = path.join(web, 'node_modules', '.bin', 'wscat');
    const ping = '{"type":"ping","timestamp":1234}';
    const options = ['--connect', url, '--execute', ping, '--wait', '-1'];
    return new Watcher(run.start('wscat', wscat, options, { stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  static script({ run }, url) {
    return new Watcher(run.start('python', python, [script, 'watch', url]));
  }

  get messages() {
    return this.child.lines.map((line) => JSON.parse(line));
  }

  /** All that the hub sent it is as the schema says. */
  checkAll() {
    for (const message of this.messages.filter(({ type }) => type !== 'closed')) schemas.check('flashprogress.Message', message);
  }

  of(jobId) {
    return this.messages.filter((message) => message.jobId === jobId);
  }

  has(jobId, type) {
    return this.of(jobId).some((message) => message.type === type);
  }

  typesOf(jobId) {
    return this.of(jobId).map(({ type }) => type);
  }
}

async function refusesAWrongToken(scene) {
  const url = socketUrl(scene, 'guess');
  const [wscat, watcher] = [Watcher.wscat(scene, url), Watcher.script(scene, url)];
  await until('both are turned away', () => wscat.child.exit && watcher.child.exit);
  assert.equal(wscat.messages[0].type, 'error');
  assert.equal(watcher.messages[0].type, 'error');
  assert.deepEqual(watcher.messages.at(-1), { type: 'closed', code: 1008, reason: 'Unauthorized' });
  for (const each of [wscat, watcher]) each.checkAll();
}

async function startWatchers(scene) {
  const url = socketUrl(scene, await token(scene, 'watcher', 'read'));
  const watchers = [Watcher.wscat(scene, url), Watcher.script(scene, url)];
  await until('both are answered', () => watchers.every(({ messages }) => messages.length > 0));
  for (const { messages } of watchers) assert.deepEqual(messages, [{ type: 'pong', timestamp: 1234 }]);
  const fenced = socketUrl(scene, await token(scene, 'fenced', 'read', '--owner', 'eve'));
  scene.stranger = Watcher.script(scene, fenced);
  await until('the stranger listens', () => scene.stranger.messages.length > 0);
  return watchers;
}

async function start({ daemon }, value, body) {
  const answer = await fetch(`http://127.0.0.1:${daemon.port}/api/flash/start`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${value}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  const started = await answer.json();
  schemas.check('flashprogress.Started', started);
  return started;
}

function assertWholeStory(messages, drive) {
  const types = messages.map(({ type }) => type);
  assert.equal(types[0], 'flash_started');
  assert.equal(types.at(-1), 'flash_completed');
  const told = messages.filter(({ type }) => type === 'flash_progress');
  assert.ok(told.length > 1, JSON.stringify(types));
  for (const message of messages) {
    assert.equal(message.deviceId, drive.id);
    assert.ok(Number.isInteger(message.timestamp) && message.timestamp > 1_600_000_000_000);
  }
  for (const [i, message] of told.entries()) {
    const { progress, bytesTransferred, totalBytes, transferSpeed, estimatedTimeRemaining, stage } = message;
    for (const number of [progress, bytesTransferred, totalBytes, transferSpeed, estimatedTimeRemaining]) assert.ok(number >= 0);
    assert.ok(progress <= 100);
    assert.ok(bytesTransferred >= (told[i - 1]?.bytesTransferred ?? 0));
    assert.equal(typeof stage, 'string');
  }
}

async function tellsOfAFlash(scene) {
  const { image, drives: [drive], watchers } = scene;
  const value = await token(scene, 'flasher', 'read,add,flash');
  const { jobId, status } = await start(scene, value, { deviceId: drive.id, image: image.packed });
  assert.equal(status, 'started');
  assert.match(jobId, /^job_[0-9a-f]{8}$/);
  await until('both see its end', () => watchers.every((watcher) => watcher.has(jobId, 'flash_completed')), 120);
  for (const watcher of watchers) assertWholeStory(watcher.of(jobId), drive);
  execFileSync('cmp', ['-n', String(ImageBytes), image.file, drive.device]);
  assert.deepEqual(scene.stranger.of(jobId), []);
}

async function tellsOfEveryDrive({ daemon, image, drives, watchers }) {
  const named = drives.flatMap(({ id }) => ['--device', id, '--erase', id]);
  const added = await daemon.ctl('--json', 'flash', image.file, ...named);
  const { id } = JSON.parse(added.lines.join('\n'));
  const first = `job_${Number(id).toString(16).padStart(8, '0')}`;
  const ids = [first, `${first}-2`];
  await until('both drives are told', () => watchers.every((watcher) => ids.every((jobId) => watcher.has(jobId, 'flash_completed'))), 120);
  for (const watcher of watchers)
    for (const [i, jobId] of ids.entries())
      for (const { deviceId } of watcher.of(jobId)) assert.equal(deviceId, drives[i].id);
}

/** Nothing is written before the local user agrees; here it is canceled. */
async function asksWithoutTheScope(scene) {
  const { daemon, image, drives: [drive], watchers } = scene;
  const value = await token(scene, 'asker', 'read,add');
  const { jobId, status } = await start(scene, value, { device_id: drive.id, image: image.file });
  assert.equal(status, 'awaiting_confirmation');
  assert.equal((await daemon.ctl('cancel', String(parseInt(jobId.slice(4), 16)))).code, 0);
  await until('both see that it is canceled', () => watchers.every((watcher) => watcher.has(jobId, 'flash_failed')));
  for (const watcher of watchers) assert.equal(watcher.of(jobId)[0].error, 'canceled');
}

async function showsWhatAScriptTells(scene) {
  const { run, daemon, watchers } = scene;
  const native = new NativeClient();
  await native.connect(daemon.endpoint());
  const jobId = 'test_job_123';
  const url = socketUrl(scene, await token(scene, 'script', 'read,report'));
  const sent = await run.command('sender', python, [script, 'send', url, jobId, 'stick']);
  assert.equal(JSON.parse(sent.lines.at(-1)).type, 'flash_completed', sent.lines.join('\n'));
  await until('both see it', () => watchers.every((watcher) => watcher.has(jobId, 'flash_completed')));
  for (const watcher of watchers) {
    assert.equal(watcher.typesOf(jobId)[0], 'flash_started');
    const halfway = watcher.of(jobId).find(({ progress }) => progress === 50);
    assert.deepEqual([halfway.stage, halfway.deviceId, halfway.bytesTransferred], ['verifying', 'stick', 32 * MiB]);
  }
  const isIt = (job) => job.externalId === jobId && job.state === 'succeeded';
  const job = await until('the native client sees it', () => [...native.jobs.values()].find(isIt));
  assert.deepEqual([job.kind, job.done, job.total], ['external', 32 * MiB, 64 * MiB]);
  native.cut();
  const unable = socketUrl(scene, await token(scene, 'onlooker', 'read'));
  const refused = await run.command('sender', python, [script, 'send', unable, 'test_job_124', 'stick']);
  assert.equal(JSON.parse(refused.lines.at(-1)).type, 'error');
  assert.deepEqual(scene.stranger.of(jobId), []);
}

await runTest('flashprogress', main, { success: 'flash progress: two clients saw every flash, and the one that a script told' });
