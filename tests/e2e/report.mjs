// Work of other programs as jobs, by a real drayd and drayctl: seen by everyone, kept over a kill, not believed
// after it until its program speaks again.
//
//     node report.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Usage: 2, Refused: 4 };
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  await isSeen(daemon, client);
  await isNotBelievedAfterAKill(daemon, client);
  await canOnlyBeCanceled(daemon);
  await needsItsScope(daemon);
  client.cut();
}

async function report(daemon, ...options) {
  const { code, lines } = await daemon.ctl('report', ...options);
  assert.equal(code, Exit.Done, lines.join('\n'));
  return lines[0];
}

async function jobOf(daemon, id) {
  return JSON.parse((await daemon.ctl('--json', 'show', id)).lines.join('\n'));
}

async function isSeen(daemon, client) {
  const id = await report(daemon, '--job', 'nightly', '--title', 'Nightly backup', '--total', '1M', '--step', 'Pack=succeeded', '--step', 'Send=running');
  assert.equal(await report(daemon, '--job', 'nightly', '--done', '256K', '--stage', 'transferring', '--message', 'to the attic'), id);
  const seen = await until('the client sees it', () => [client.jobs.get(id)].find((job) => job?.message === 'to the attic'));
  const { kind, externalId, state, stage, done, total, steps } = await jobOf(daemon, id);
  assert.deepEqual({ kind, externalId, state, stage, done, total }, { kind: 'external', externalId: 'nightly', state: 'running', stage: 'transferring', done: 256 * 1024, total: 1024 * 1024 });
  assert.deepEqual(steps.map(({ title, state: of }) => [title, of]), [['Pack', 'succeeded'], ['Send', 'running']]);
  assert.equal(seen.title, 'Nightly backup');
  const usage = await daemon.ctl('report', '--job', 'weekly', '--done', '1');
  assert.equal(usage.code, Exit.Usage);
  assert.match(usage.lines.join('\n'), /title/);
}

async function isNotBelievedAfterAKill(daemon, client) {
  const [id] = client.jobs.keys();
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
  await daemon.start();
  await client.connect(daemon.endpoint());
  assert.deepEqual([client.jobs.get(id).state, client.jobs.get(id).stage], ['running', 'stale']);
  assert.equal(await report(daemon, '--job', 'nightly', '--done', '512K'), id);
  await until('it is believed', () => client.jobs.get(id).stage === '');
  await report(daemon, '--job', 'nightly', '--state', 'failed', '--message', 'the attic is full');
  await until('it has failed', () => client.jobs.get(id).state === 'failed');
  assert.equal(client.jobs.get(id).error.code, 'workFailed');
  await report(daemon, '--job', 'nightly', '--state', 'succeeded');
  await until('another attempt has succeeded', () => client.jobs.get(id).state === 'succeeded');
  assert.equal(client.jobs.get(id).attempt, 2);
}

async function canOnlyBeCanceled(daemon) {
  const id = await report(daemon, '--title', 'Endless');
  assert.equal((await daemon.ctl('pause', id)).code, Exit.Failed);
  assert.equal((await daemon.ctl('cancel', id)).code, Exit.Done);
  const late = await daemon.ctl('report', '--job', id, '--done', '5');
  assert.equal(late.code, Exit.Failed);
  assert.match(late.lines.join('\n'), /was canceled/);
  assert.equal((await daemon.ctl('remove', id)).code, Exit.Done);
}

async function needsItsScope(daemon) {
  const token = async (...options) => (await daemon.ctl('token', 'add', 'script', ...options)).lines[0];
  const reader = await daemon.ctlAs(await token('--scope', 'read'), 'report', '--title', 'a');
  assert.equal(reader.code, Exit.Refused);
  const eve = await token('--scope', 'read,report', '--owner', 'eve');
  const hers = await daemon.ctlAs(eve, 'report', '--job', 'nightly', '--title', 'Hers');
  assert.equal((await jobOf(daemon, hers.lines[0])).owner, 'eve');
  assert.equal(JSON.parse((await daemon.ctlAs(eve, '--json', 'list')).lines.join('\n')).length, 1);
}

await runTest('report', main, { success: 'report: all held' });
