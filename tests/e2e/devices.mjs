// Drives that come and go, and programs that ask to erase them, through a real drayd, its native socket and
// drayctl: every plug is told at once, and nothing is erased without the local user's yes.
//
//     node devices.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held. Where
// nobody may have loop devices it is skipped, with the reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { LoopDevice } from './support/loopdevice.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { freePort, runTest, Skipped, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Usage: 2, Refused: 4 };
const MiB = 1024 * 1024;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const probe = await LoopDevice.plugIn(run, 'probe', MiB).catch((error) => ({ reason: error.message }));
  if (probe.reason) throw new Skipped(probe.reason);
  await probe.pullOut();
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const image = path.join(daemon.downloads, 'image.raw');
  writeFileSync(image, randomFillSync(Buffer.alloc(2 * MiB + 345)));
  const page = new NativeClient();
  await page.connect({ ...daemon.endpoint(), token: await tokenFor(daemon) });
  const scene = { run, daemon, image, page };
  const drive = await showsEveryPlug(scene);
  await asksAndWaits(scene, drive);
  await cancelIsNo(scene, drive);
  await pullingOutEndsTheQuestion(scene, drive);
  await questionsEndWithTheProgram(scene);
}

/** Of a program that may ask, and nothing more: read, control, add, report. */
async function tokenFor(daemon) {
  const { code, lines } = await daemon.ctl('--json', 'token', 'add', 'page');
  assert.equal(code, Exit.Done, lines.join('\n'));
  return JSON.parse(lines.join('\n')).token;
}

/** Answers a drive that is plugged in. */
async function showsEveryPlug({ run, daemon, page }) {
  const { drives } = await page.call('topic.subscribe', { topic: 'devices' });
  assert.ok(Array.isArray(drives));
  const told = (type, id) => until(`${type} ${id}`, () => page.events.find((event) => event.type === type && event.id === id));
  const drive = await LoopDevice.plugIn(run, 'drive', 8 * MiB);
  const { object, topic } = await told('device.added', drive.id);
  assert.equal(topic, 'devices');
  assert.equal(object.path, drive.device);
  assert.equal(object.size, 8 * MiB);
  assert.equal(object.selectable, true, object.reason);
  const shown = await fetch(`http://127.0.0.1:${daemon.port}/api/v1/devices`, { headers: { Authorization: `Bearer ${daemon.endpoint().token}` } });
  assert.equal((await shown.json()).drives.find(({ id }) => id === drive.id).size, 8 * MiB);
  await drive.pullOut();
  await told('device.removed', drive.id);
  const again = await LoopDevice.plugIn(run, 'drive2', 8 * MiB);
  await until('it is told again', () => page.events.filter(({ type, id }) => type === 'device.added' && id === again.id).length > (again.id === drive.id ? 1 : 0));
  return again;
}

const prepare = ({ page, image }, drive) => page.call('flash.prepare', { image, drives: [drive.id] });
const jobOf = async (daemon, id) => JSON.parse((await daemon.ctl('--json', 'show', id)).lines.join('\n'));

async function asksAndWaits(scene, drive) {
  const { daemon, page, image } = scene;
  const { ticket, job, erases, expiresAt } = await prepare(scene, drive);
  assert.equal(job.stage, 'awaitingConfirmation');
  assert.equal(erases[0].drive, drive.id);
  assert.ok(expiresAt > Date.now());
  await assert.rejects(page.call('flash.confirm', { ticket, erase: [drive.id] }), /-32002/);
  await assert.rejects(page.call('job.add', { kind: 'flash', image, drives: [drive.id], erase: [drive.id] }), /-32002/);
  const list = await daemon.ctl('confirm');
  assert.equal(list.code, Exit.Done);
  assert.match(list.lines.join('\n'), new RegExp(`job ${job.id}: "page" wants to write ${image}`));
  assert.match(list.lines.join('\n'), new RegExp(`erases ${drive.device}`));
  const unnamed = await daemon.ctl('confirm', job.id);
  assert.equal(unnamed.code, Exit.Refused, unnamed.lines.join('\n'));
  assert.match(unnamed.lines.join('\n'), new RegExp(`would erase ${drive.device}`));
  assert.equal((await daemon.ctl('confirm', job.id, '--erase', 'another')).code, Exit.Refused);
  assert.notEqual((await daemon.ctl('pause', job.id)).code, Exit.Done);
  assert.notEqual((await daemon.ctl('resume', job.id)).code, Exit.Done);
  assert.ok(readFileSync(drive.file).every((byte) => byte === 0));
  const agreed = await daemon.ctl('confirm', job.id, '--erase', drive.id);
  assert.equal(agreed.code, Exit.Done, agreed.lines.join('\n'));
  await until('the page sees it succeed', () => page.jobs.get(job.id)?.state === 'succeeded' || page.jobs.get(job.id)?.state === 'failed');
  assert.equal(page.jobs.get(job.id).state, 'succeeded', JSON.stringify(page.jobs.get(job.id)));
  execFileSync('cmp', ['-n', String(2 * MiB + 345), image, drive.device]);
  assert.equal((await daemon.ctl('confirm', job.id, '--erase', drive.id)).code, Exit.Failed);
  assert.deepEqual((await daemon.ctl('confirm')).lines, ['Nothing waits for a yes.']);
}

async function cancelIsNo(scene, drive) {
  const { daemon, page } = scene;
  const { ticket, job } = await prepare(scene, drive);
  assert.equal((await daemon.ctl('cancel', job.id)).code, Exit.Done);
  await until('it is canceled', () => page.jobs.get(job.id)?.state === 'canceled');
  const admin = new NativeClient();
  await admin.connect(daemon.endpoint());
  await assert.rejects(admin.call('flash.confirm', { ticket, erase: [drive.id] }), /-32003/);
}

async function pullingOutEndsTheQuestion(scene, drive) {
  const { job } = await prepare(scene, drive);
  await drive.pullOut();
  await until('it fails', () => scene.page.jobs.get(job.id)?.state === 'failed');
  assert.equal(scene.page.jobs.get(job.id).error.code, 'deviceGone');
}

async function questionsEndWithTheProgram(scene) {
  const { run, daemon, page } = scene;
  const drive = await LoopDevice.plugIn(run, 'drive3', 8 * MiB);
  await until('it is there', () => page.events.some(({ type, id, object }) => type === 'device.added' && id === drive.id && object));
  const { job } = await until('it can be asked for', () => prepare(scene, drive).catch(() => null));
  await daemon.stop();
  await daemon.start();
  const ended = await jobOf(daemon, job.id);
  assert.equal(ended.state, 'failed');
  assert.match(ended.error.message, /before anyone agreed/);
  assert.deepEqual((await daemon.ctl('confirm')).lines, ['Nothing waits for a yes.']);
  assert.ok(readFileSync(drive.file).every((byte) => byte === 0));
}

await runTest('devices', main, { success: 'devices: all held' });
