// What of an image is written, and where: by a bmap of the real bmaptool, given and found, and into one
// partition of a table that sgdisk made, on loop devices through a real drayd and drayctl. What is written is
// proven by bmaptool, cmp and sgdisk.
//
//     node flashsources.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held. Where
// nobody may have loop devices it is skipped, with the reason.
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { loopDevices } from './support/loopdevice.mjs';
import { freePort, runTest, Skipped } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Refused: 4 };
const MiB = 1024 * 1024;
const imageBytes = 20 * MiB + 12_345;
const stale = 0x5a;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const drives = await loopDevices(run, { count: 1, bytes: 24 * MiB });
  const large = await loopDevices(run, { count: 1, bytes: 24 * MiB, sector: 4096 });
  if (drives.reason ?? large.reason) throw new Skipped(drives.reason ?? large.reason);
  makeSparse(run.path('image.img'));
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  for (const drive of [...drives, ...large]) {
    const scene = { run, daemon, drive };
    await writesByAGivenBmap(scene);
    await writesByAFoundBmap(scene);
    await leavesAWrongRangeOff(scene);
    await refusesTheBmapOfAnotherImage(scene);
    await writesOnePartition(scene);
    await refusesAPartitionThatIsNotThere(scene);
  }
}

/** Data in four places, one of them at the very end; holes between. */
function makeSparse(file) {
  writeFileSync(file, '');
  truncateSync(file, imageBytes);
  const opened = openSync(file, 'r+');
  for (const [at, bytes] of [[0, 70_000], [3 * MiB, 100_000], [9 * MiB + 8192, MiB], [imageBytes - 5000, 5000]])
    writeSync(opened, randomFillSync(Buffer.alloc(bytes)), 0, bytes, at);
  closeSync(opened);
}

function fill(drive) {
  writeFileSync(drive.device, Buffer.alloc(24 * MiB, stale));
  execFileSync('sync', [drive.device]);
}

function flash(daemon, drive, image, ...options) {
  return daemon.ctl('flash', image, '--device', drive.id, '--erase', drive.id, ...options, '--wait');
}

async function lastJob(daemon) {
  const jobs = JSON.parse((await daemon.ctl('--json', 'list')).lines.join('\n'));
  return jobs.sort((a, b) => Number(b.id) - Number(a.id))[0];
}

/** By the tool that made the map; and a hole keeps what was there. */
function isProvenBy(run, bmap, drive) {
  const content = readFileSync(drive.device);
  writeFileSync(run.path('read.img'), content.subarray(0, imageBytes));
  execFileSync('bmaptool', ['copy', '--bmap', bmap, run.path('read.img'), '/dev/null'], { stdio: 'pipe' });
  const hole = content.subarray(5 * MiB, 9 * MiB);
  assert.ok(hole.every((byte) => byte === stale), 'a hole was written');
}

async function writesByAGivenBmap({ run, daemon, drive }) {
  const bmap = run.path('given');
  execFileSync('bmaptool', ['create', '-o', bmap, run.path('image.img')], { stdio: 'pipe' });
  fill(drive);
  const flashed = await flash(daemon, drive, run.path('image.img'), '--bmap', bmap);
  assert.equal(flashed.code, Exit.Done, flashed.lines.join('\n'));
  isProvenBy(run, bmap, drive);
  const job = await lastJob(daemon);
  assert.equal(job.done, job.total);
  assert.ok(job.total < 8 * MiB, 'the total counts what is written');
  assert.match(job.message, /^1[0-9] MiB that .* leaves out were left as they were; verified$/);
}

async function writesByAFoundBmap({ run, daemon, drive }) {
  const bmap = run.path('packed.img.bmap');
  execFileSync('bmaptool', ['create', '-o', bmap, run.path('image.img')], { stdio: 'pipe' });
  writeFileSync(run.path('packed.img.gz'), execFileSync('gzip', ['-1', '-c', run.path('image.img')], { maxBuffer: 64 * MiB }));
  fill(drive);
  const flashed = await flash(daemon, drive, run.path('packed.img.gz'));
  assert.equal(flashed.code, Exit.Done, flashed.lines.join('\n'));
  isProvenBy(run, bmap, drive);
}

async function leavesAWrongRangeOff({ run, daemon, drive }) {
  const image = run.path('changed.img');
  copyFileSync(run.path('image.img'), image);
  const opened = openSync(image, 'r+');
  writeSync(opened, Buffer.from('changed'), 0, 7, imageBytes - 100);
  closeSync(opened);
  const wrong = await flash(daemon, drive, image, '--bmap', run.path('given'));
  assert.equal(wrong.code, Exit.Failed, wrong.lines.join('\n'));
  assert.match(wrong.lines.join('\n'), /bytes \d+ to \d+ of the image have sha-256/);
  assert.ok(readFileSync(drive.device).subarray(0, MiB).every((byte) => byte === 0));
}

async function refusesTheBmapOfAnotherImage({ run, daemon, drive }) {
  writeFileSync(run.path('other.img'), Buffer.alloc(MiB, 1));
  fill(drive);
  const other = await flash(daemon, drive, run.path('other.img'), '--bmap', run.path('given'));
  assert.equal(other.code, Exit.Failed, other.lines.join('\n'));
  assert.match(other.lines.join('\n'), /is of another image/);
  assert.ok(readFileSync(drive.device).every((byte) => byte === stale));
}

async function writesOnePartition({ run, daemon, drive }) {
  fill(drive);
  const parts = ['-n', '1:0:+4M', '-c', '1:boot', '-n', '2:0:+8M', '-c', '2:root fs', '-n', '3:0:0', '-c', '3:home'];
  execFileSync('sgdisk', ['--zap-all', ...parts, drive.device], { stdio: 'pipe' });
  const before = readFileSync(drive.device);
  const image = randomFillSync(Buffer.alloc(7 * MiB + 333));
  writeFileSync(run.path('root.img'), image);
  execFileSync('zstd', ['-q', '-f', run.path('root.img')]);
  const unasked = await daemon.ctl('flash', run.path('root.img'), '--device', drive.id, '--partition', 'root fs');
  assert.equal(unasked.code, Exit.Refused);
  assert.match(unasked.lines.join('\n'), /only its partition "root fs", nothing else/);
  const flashed = await flash(daemon, drive, run.path('root.img.zst'), '--partition', 'root fs');
  assert.equal(flashed.code, Exit.Done, flashed.lines.join('\n'));
  const after = readFileSync(drive.device);
  const begin = 5 * MiB; // the first begins at one MiB
  execFileSync('cmp', ['-n', String(image.length), '-i', `0:${begin}`, run.path('root.img'), drive.device]);
  assert.ok(after.subarray(0, begin).equals(before.subarray(0, begin)));
  assert.ok(after.subarray(begin + 8 * MiB).equals(before.subarray(begin + 8 * MiB)));
  assert.match(execFileSync('sgdisk', ['-v', drive.device]).toString(), /No problems found/);
}

async function refusesAPartitionThatIsNotThere({ run, daemon, drive }) {
  const before = readFileSync(drive.device);
  const missing = await flash(daemon, drive, run.path('root.img'), '--partition', 'root');
  assert.equal(missing.code, Exit.Failed);
  assert.match(missing.lines.join('\n'), /no partition "root"; there are: "boot", "root fs", "home"/);
  const tooLarge = await flash(daemon, drive, run.path('root.img'), '--partition', 'boot');
  assert.equal(tooLarge.code, Exit.Failed);
  assert.match(tooLarge.lines.join('\n'), /partition "boot" of .* holds 4194304 bytes/);
  assert.ok(readFileSync(drive.device).equals(before));
}

await runTest('flashsources', main, { success: 'flashsources: all held' });
