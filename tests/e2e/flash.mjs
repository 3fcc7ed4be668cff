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
import { loopDrives } from './support/loopdrives.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Usage: 2, Refused: 4 };
const MiB = 1024 * 1024;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const drives = await loopDrives(run, { count: 2, bytes: 24 * MiB });
  if (drives.reason) return void console.log(`skipped: ${drives.reason}`);
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
  await writesOnceForAYes(scene);
  await leavesAWrongImageOff(scene);
  await refusesWhatDoesNotFit(scene);
}

async function showsDrives({ daemon, drives }) {
  const shown = JSON.parse((await daemon.ctl('--json', 'devices')).lines.join('\n'));
  for (const { device } of drives) {
    const drive = shown.find((candidate) => candidate.path === device);
    assert.ok(drive, JSON.stringify(shown));
    assert.equal(drive.selectable, true, drive.reason);
    assert.equal(drive.size, 24 * MiB);
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

/** One yes, one writing: neither a retry nor the next start of drayd writes again. */
async function writesOnceForAYes({ run, daemon, drives: [drive] }) {
  const [last] = JSON.parse((await daemon.ctl('--json', 'list')).lines.join('\n')).sort((a, b) => Number(b.id) - Number(a.id));
  assert.equal((await daemon.ctl('retry', last.id)).code, Exit.Refused);
  const added = await daemon.ctl('--json', 'flash', run.path('image.raw'), '--device', drive.id, '--erase', drive.id);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  const { id } = JSON.parse(added.lines.join('\n'));
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
  const before = readFileSync(drive.file);
  await daemon.start();
  const job = JSON.parse((await daemon.ctl('--json', 'show', id)).lines.join('\n'));
  if (job.state === 'succeeded') return; // it was faster
  assert.equal(job.state, 'failed');
  assert.match(job.error.message, /agreed to anew/);
  assert.equal((await daemon.ctl('resume', id)).code, Exit.Refused);
  assert.deepEqual(readFileSync(drive.file), before);
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
  truncateSync(run.path('huge.raw'), 64 * MiB);
  const tooLarge = await daemon.ctl('flash', run.path('huge.raw'), '--device', drive.id, '--erase', drive.id, '--wait');
  assert.equal(tooLarge.code, Exit.Failed);
  assert.match(tooLarge.lines.join('\n'), new RegExp(String(64 * MiB)));
  assert.deepEqual(readFileSync(drive.file), before);
}

await runTest('flash', main, { success: 'flash: all held' });
