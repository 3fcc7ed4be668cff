// Flashing through a real drayd and drayctl onto loop devices: nothing is chosen by itself, nothing is
// erased that was not named, what is written is proven by a tool that is not ours.
//
//     node flash.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held. Where
// nobody may have loop devices it is skipped, with the reason.
import assert from 'node:assert/strict';
import { createHash, randomFillSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { loopDevices } from './support/loopdevice.mjs';
import { freePort, runTest, Skipped, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Usage: 2, Refused: 4 };
const MiB = 1024 * 1024;
const DriveBytes = 64 * MiB;
const SlowBytes = 60 * MiB + 700;
const seconds = 120;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const drives = await loopDevices(run, { count: 2, bytes: DriveBytes });
  if (drives.reason) throw new Skipped(drives.reason);
  const image = randomFillSync(Buffer.alloc(16 * MiB + 12_345));
  writeFileSync(run.path('image.raw'), image);
  execFileSync('xz', ['-1', '-k', run.path('image.raw')]);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const scene = { run, daemon, image, drives };
  await showsDrives(scene);
  await erasesNothingUnasked(scene);
  await writesAndProves(scene);
  await writesSeveral(scene);
  makeSlowImage(scene);
  await pausesAndResumes(scene);
  await goesOnAfterAKill(scene);
  await writesNoFasterThanAsked(scene);
  await leavesAloneWhatWasUsedSince(scene);
  for (const command of ['resume', 'retry']) await leavesAloneWhatIsHiddenInTheMiddle(scene, command);
  await goesOnWithWhatItHadNotTouched(scene);
  await goesOnWithWhatItHadNotTouchedAfterAKill(scene);
  await leavesAloneWhatWasUsedBeforeItWasTouched(scene);
  await keepsAHistory(scene);
  await leavesAWrongImageOff(scene);
  await refusesWhatDoesNotFit(scene);
}

async function showsDrives({ daemon, drives }) {
  const shown = JSON.parse((await daemon.ctl('--json', 'devices')).lines.join('\n'));
  for (const { device } of drives) {
    const drive = shown.find((candidate) => candidate.path === device);
    assert.ok(drive, JSON.stringify(shown));
    assert.equal(drive.selectable, true, drive.reason);
    assert.equal(drive.size, DriveBytes);
    assert.equal(drive.bus, 'loop');
  }
  for (const drive of shown.filter(({ system }) => system)) assert.equal(drive.selectable, false);
  const table = await daemon.ctl('devices');
  assert.match(table.lines.join('\n'), new RegExp(drives[0].device));
}

async function erasesNothingUnasked({ run, daemon, drives: [drive] }) {
  const image = run.path('image.raw');
  const unnamed = await daemon.ctl('flash', image);
  assert.equal(unnamed.code, Exit.Usage);
  assert.match(unnamed.lines.join('\n'), /nothing is chosen by itself/);
  const unasked = await daemon.ctl('flash', image, '--device', drive.id);
  assert.equal(unasked.code, Exit.Refused, unasked.lines.join('\n'));
  assert.match(unasked.lines.join('\n'), new RegExp(`would erase ${drive.device}`));
  const other = await daemon.ctl('flash', image, '--device', drive.id, '--erase', 'another');
  assert.equal(other.code, Exit.Refused);
  const missing = await daemon.ctl('flash', image, '--device', 'nosuch', '--erase', 'nosuch');
  assert.equal(missing.code, Exit.Failed);
  assert.match(missing.lines.join('\n'), /nosuch/);
  assert.deepEqual(JSON.parse((await daemon.ctl('--json', 'list')).lines.join('\n')), []);
  assert.ok(readFileSync(drive.file).every((byte) => byte === 0));
}

async function writesAndProves({ run, daemon, image, drives: [drive] }) {
  const sha256 = createHash('sha256').update(image).digest('hex');
  const flashed = await daemon.ctl('flash', run.path('image.raw.xz'), '--device', drive.id, '--erase', drive.id, '--sha256', sha256, '--wait');
  assert.equal(flashed.code, Exit.Done, flashed.lines.join('\n'));
  execFileSync('cmp', ['-n', String(image.length), run.path('image.raw'), drive.device]);
  const [job] = JSON.parse((await daemon.ctl('--json', 'list')).lines.join('\n'));
  assert.equal(job.kind, 'flash');
  assert.equal(job.done, job.total);
  assert.deepEqual(job.drives.map(({ id, state }) => ({ id, state })), [{ id: drive.id, state: 'succeeded' }]);
}

async function writesSeveral({ run, daemon, image, drives }) {
  const named = drives.flatMap(({ id, device }) => ['--device', device, '--erase', id]);
  const flashed = await daemon.ctl('flash', run.path('image.raw'), ...named, '--wait');
  assert.equal(flashed.code, Exit.Done, flashed.lines.join('\n'));
  for (const { device } of drives) execFileSync('cmp', ['-n', String(image.length), run.path('image.raw'), device]);
}

async function jobOf(daemon, id) {
  return JSON.parse((await daemon.ctl('--json', 'show', id)).lines.join('\n'));
}

/** The job of a flash whose image takes seconds to unpack, when it has begun to write. */
async function slowFlash({ run, daemon, drives: [drive] }) {
  const added = await daemon.ctl('--json', 'flash', run.path('slow.raw.bz2'), '--device', drive.id, '--erase', drive.id);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  const { id } = JSON.parse(added.lines.join('\n'));
  await until('it writes', async () => (await jobOf(daemon, id)).done > 2 * MiB, seconds);
  return id;
}

function makeSlowImage({ run }) {
  writeFileSync(run.path('slow.raw'), randomFillSync(Buffer.alloc(SlowBytes / 2)).toString('hex'));
  execFileSync('bzip2', ['-k', run.path('slow.raw')]);
}

const isBlankAtBothEnds = (file) => {
  const content = readFileSync(file);
  return [content.subarray(0, MiB), content.subarray(-MiB)].every((end) => end.every((byte) => byte === 0));
};

/** Pause leaves the drive blank, and resume writes it to its end. */
async function pausesAndResumes(scene) {
  const { run, daemon, drives: [drive] } = scene;
  const id = await slowFlash(scene);
  assert.equal((await daemon.ctl('pause', id)).code, Exit.Done);
  await until('it is paused', async () => (await jobOf(daemon, id)).state === 'paused', seconds);
  assert.ok(isBlankAtBothEnds(drive.file));
  assert.equal((await jobOf(daemon, id)).drives[0].state, 'paused');
  assert.equal((await daemon.ctl('resume', id)).code, Exit.Done);
  await until('it has succeeded', async () => (await jobOf(daemon, id)).state === 'succeeded', seconds);
  execFileSync('cmp', ['-n', String(SlowBytes), run.path('slow.raw'), drive.device]);
}

/** The next start of drayd writes nothing by itself; a retry writes what the flash had left blank. */
async function goesOnAfterAKill(scene) {
  const { run, daemon, drives: [drive] } = scene;
  const id = await slowFlash(scene);
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
  const before = readFileSync(drive.file);
  await daemon.start();
  const job = await jobOf(daemon, id);
  assert.equal(job.state, 'failed');
  assert.match(job.error.message, /retry it/);
  assert.equal(job.drives[0].state, 'failed');
  assert.equal((await daemon.ctl('resume', id)).code, Exit.Failed);
  assert.deepEqual(readFileSync(drive.file), before);
  assert.equal((await daemon.ctl('retry', id)).code, Exit.Done);
  await until('it has succeeded', async () => (await jobOf(daemon, id)).state === 'succeeded', seconds);
  execFileSync('cmp', ['-n', String(SlowBytes), run.path('slow.raw'), drive.device]);
}

/** A byte a second would take months; a pause and another limit end the wait at once. */
async function writesNoFasterThanAsked({ run, daemon, image, drives: [drive] }) {
  const words = ['flash', run.path('image.raw'), '--device', drive.id, '--erase', drive.id, '--limit', '1'];
  const added = await daemon.ctl('--json', ...words);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  const { id } = JSON.parse(added.lines.join('\n'));
  const waits = async () => /speed limit/.test((await jobOf(daemon, id)).message);
  await until('it waits', waits);
  assert.equal((await daemon.ctl('pause', id)).code, Exit.Done);
  await until('it is paused', async () => (await jobOf(daemon, id)).state === 'paused');
  assert.ok(isBlankAtBothEnds(drive.file));
  assert.equal((await daemon.ctl('resume', id)).code, Exit.Done);
  await until('it waits again', waits);
  assert.equal((await jobOf(daemon, id)).speedLimit, 1);
  assert.equal((await daemon.ctl('limit', '0', id)).code, Exit.Done);
  await until('it has succeeded', async () => (await jobOf(daemon, id)).state === 'succeeded');
  execFileSync('cmp', ['-n', String(image.length), run.path('image.raw'), drive.device]);
}

/** A yes does not reach what somebody put on the drive since. */
async function leavesAloneWhatWasUsedSince(scene) {
  const { daemon, drives: [drive] } = scene;
  const id = await slowFlash(scene);
  assert.equal((await daemon.ctl('pause', id)).code, Exit.Done);
  await until('it is paused', async () => (await jobOf(daemon, id)).state === 'paused', seconds);
  execFileSync('mkfs.ext4', ['-q', drive.device]);
  await isRefusedAgain(scene, id, 'resume', /may have been written to since the flash left it.*drayctl flash/);
  await isRefusedAgain(scene, id, 'retry', /may have been written to since the flash left it/);
}

/** Such as what is encrypted with its header elsewhere: both ends of the drive are still blank. */
async function leavesAloneWhatIsHiddenInTheMiddle(scene, command) {
  const { daemon, drives: [drive] } = scene;
  const id = await slowFlash(scene);
  if (command === 'resume') {
    assert.equal((await daemon.ctl('pause', id)).code, Exit.Done);
    await until('it is paused', async () => (await jobOf(daemon, id)).state === 'paused', seconds);
  } else {
    await daemon.stop();
    await daemon.start();
  }
  execFileSync('dd', ['if=/dev/urandom', `of=${drive.device}`, 'bs=1M', 'count=1', 'seek=32', 'conv=fsync', 'status=none']);
  assert.ok(isBlankAtBothEnds(drive.file));
  await isRefusedAgain(scene, id, command, /may have been written to since the flash left it.*drayctl flash/);
}

/** The flash is not let run once more, and the drive stays as it is. */
async function isRefusedAgain({ daemon, drives: [drive] }, id, command, why) {
  const before = readFileSync(drive.file);
  assert.equal((await daemon.ctl(command, id)).code, Exit.Done);
  await until('it has failed', async () => (await jobOf(daemon, id)).state === 'failed', seconds);
  const { error, drives } = await jobOf(daemon, id);
  assert.equal(error.code, 'confirmationRequired');
  assert.equal(drives[0].error.code, 'confirmationRequired');
  assert.match(error.message, why);
  assert.ok(error.message.includes(drive.id), error.message);
  assert.deepEqual(readFileSync(drive.file), before);
}

/** A flash that runs and waits for its drive, which another program keeps: its job's id, and how to let go. */
async function waitingFlash({ run, daemon, drives: [drive] }) {
  const keeper = run.start('flock', 'flock', ['--no-fork', drive.device, 'sh', '-c', 'echo kept; exec sleep 60']);
  await until('the drive is kept', () => keeper.lines.includes('kept'));
  const added = await daemon.ctl('--json', 'flash', run.path('image.raw'), '--device', drive.id, '--erase', drive.id);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  const { id } = JSON.parse(added.lines.join('\n'));
  await until('it runs', async () => (await jobOf(daemon, id)).state === 'running');
  return { id, letGo: () => keeper.stop() };
}

/** One that is paused before it wrote anything; the drive is full of what was on it. */
async function pausedBeforeItTouched(scene) {
  const { daemon, drives: [drive] } = scene;
  const before = readFileSync(drive.file);
  const { id, letGo } = await waitingFlash(scene);
  assert.equal((await daemon.ctl('pause', id)).code, Exit.Done);
  await until('it is paused', async () => (await jobOf(daemon, id)).state === 'paused', seconds);
  await letGo();
  assert.deepEqual(readFileSync(drive.file), before);
  assert.ok(!isBlankAtBothEnds(drive.file));
  return id;
}

/** The yes is for that drive with what is on it: resume needs no other. */
async function goesOnWithWhatItHadNotTouched(scene) {
  const { run, daemon, image, drives: [drive] } = scene;
  execFileSync('mkfs.ext4', ['-q', drive.device]);
  const id = await pausedBeforeItTouched(scene);
  assert.equal((await daemon.ctl('resume', id)).code, Exit.Done);
  await until('it has ended', async () => ['succeeded', 'failed'].includes((await jobOf(daemon, id)).state), seconds);
  const { state, error } = await jobOf(daemon, id);
  assert.equal(state, 'succeeded', JSON.stringify(error));
  execFileSync('cmp', ['-n', String(image.length), run.path('image.raw'), drive.device]);
}

async function goesOnWithWhatItHadNotTouchedAfterAKill(scene) {
  const { run, daemon, image, drives: [drive] } = scene;
  execFileSync('mkfs.ext4', ['-q', drive.device]);
  const before = readFileSync(drive.file);
  const { id, letGo } = await waitingFlash(scene);
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
  await letGo();
  assert.deepEqual(readFileSync(drive.file), before);
  await daemon.start();
  assert.equal((await jobOf(daemon, id)).state, 'failed');
  assert.equal((await daemon.ctl('retry', id)).code, Exit.Done);
  await until('it has ended', async () => ['succeeded', 'failed'].includes((await jobOf(daemon, id)).state), seconds);
  const { state, error } = await jobOf(daemon, id);
  assert.equal(state, 'succeeded', JSON.stringify(error));
  execFileSync('cmp', ['-n', String(image.length), run.path('image.raw'), drive.device]);
}

async function leavesAloneWhatWasUsedBeforeItWasTouched(scene) {
  const { drives: [drive] } = scene;
  const id = await pausedBeforeItTouched(scene);
  execFileSync('mkfs.ext4', ['-q', '-F', drive.device]);
  await isRefusedAgain(scene, id, 'resume', /may have been written to since that was agreed to.*drayctl flash/);
  await isRefusedAgain(scene, id, 'retry', /may have been written to since that was agreed to/);
}

/** What was written to each drive is told after its job is gone, and that it was not verified. */
async function keepsAHistory({ run, daemon, drives: [drive] }) {
  const flashed = await daemon.ctl('flash', run.path('image.raw'), '--device', drive.id, '--erase', drive.id, '--no-verify', '--wait');
  assert.equal(flashed.code, Exit.Done, flashed.lines.join('\n'));
  assert.match(flashed.lines.join('\n'), /not verified/);
  const entries = JSON.parse((await daemon.ctl('--json', 'history')).lines.join('\n'));
  const [last] = entries;
  assert.equal(last.verdict, 'unverified');
  assert.equal(last.drive.id, drive.id);
  assert.equal(last.bytes, 16 * MiB + 12_345);
  assert.ok(last.drive.writeBytesPerSecond > 0);
  assert.equal((await daemon.ctl('remove', last.job)).code, Exit.Done);
  const kept = JSON.parse((await daemon.ctl('--json', 'history', '--limit', '1')).lines.join('\n'));
  assert.deepEqual(kept, [last]);
  const verified = entries.find(({ verdict }) => verdict === 'verified');
  assert.ok(verified.drive.verifyBytesPerSecond > 0);
  assert.equal(verified.sha256.length, 64);
  assert.ok(entries.some(({ error }) => error?.code === 'confirmationRequired'));
  assert.ok(entries.every(({ verdict }) => verdict !== 'canceled')); // a pause is no end
  assert.match((await daemon.ctl('history')).lines[0], new RegExp(`unverified.*${drive.id}`));
}

/** The drive is blank afterwards: no partition table, no boot code. */
async function leavesAWrongImageOff({ run, daemon, drives: [drive] }) {
  const wrong = await daemon.ctl('flash', run.path('image.raw'), '--device', drive.id, '--erase', drive.id, '--sha256', '0'.repeat(64), '--wait');
  assert.equal(wrong.code, Exit.Failed);
  assert.match(wrong.lines.join('\n'), /sha-?256|checksum/i);
  assert.ok(readFileSync(drive.file).subarray(0, MiB).every((byte) => byte === 0));
}

/** Known before the first byte: the drive stays as it was. */
async function refusesWhatDoesNotFit({ run, daemon, drives: [, drive] }) {
  const before = readFileSync(drive.file);
  writeFileSync(run.path('huge.raw'), '');
  truncateSync(run.path('huge.raw'), 2 * DriveBytes);
  const tooLarge = await daemon.ctl('flash', run.path('huge.raw'), '--device', drive.id, '--erase', drive.id, '--wait');
  assert.equal(tooLarge.code, Exit.Failed);
  assert.match(tooLarge.lines.join('\n'), new RegExp(String(2 * DriveBytes)));
  assert.deepEqual(readFileSync(drive.file), before);
}

await runTest('flash', main, { success: 'flash: all held' });
