// What comes back from a drive, through a real drayd and drayctl and loop devices: a drive becomes an image
// that other tools take, the image a drive again, and both are compared; a stick is given back.
//
//     node back.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held. Where
// nobody may have loop devices it is skipped, with the reason.
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { loopDevices } from './support/loopdevice.mjs';
import { freePort, runTest, Skipped, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Usage: 2, Refused: 4 };
const MiB = 1024 * 1024;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const drives = await loopDevices(run, { count: 2, bytes: 24 * MiB });
  if (drives.reason) throw new Skipped(drives.reason);
  const image = Buffer.alloc(16 * MiB + 12_345);
  randomFillSync(image, 0, 5 * MiB);
  randomFillSync(image, 13 * MiB);
  writeFileSync(run.path('image.raw'), image);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const scene = { run, daemon, image, drives };
  await goesRound(scene);
  await packsOnRequest(scene);
  await replacesNothing(scene);
  await tellsWhereTheyDiffer(scene);
  await leavesNothingWhenCanceled(scene);
  await asksBeforeItFormats(scene);
  await ejects(scene);
}

async function done(daemon, ...args) {
  const { code, lines } = await daemon.ctl(...args);
  assert.equal(code, Exit.Done, `${args.join(' ')}\n${lines.join('\n')}`);
  return lines.join('\n');
}

const flash = (daemon, image, { id }) => done(daemon, 'flash', image, '--device', id, '--erase', id, '--wait');

/** Drive → image → other drive: byte by byte the same, by tools that are not ours. */
async function goesRound({ run, daemon, drives: [first, second] }) {
  await flash(daemon, run.path('image.raw'), first);
  const back = run.path('main', 'downloads', 'back.img');
  await done(daemon, 'read', first.id, back, '--wait');
  execFileSync('cmp', [back, first.device]);
  execFileSync('sha256sum', ['--check', '--quiet', 'back.img.sha256'], { cwd: path.dirname(back) });
  assert.ok(statSync(back).blocks * 512 < 14 * MiB, 'zeros take no room');
  assert.match(await done(daemon, 'compare', first.device, back, '--wait'), /succeeded|done/i);
  if (isHere('bmaptool')) {
    execFileSync('dd', ['if=/dev/urandom', `of=${second.device}`, 'bs=1M', 'count=24', 'oflag=direct', 'status=none']);
    execFileSync('bmaptool', ['--quiet', 'copy', back, second.device]);
    execFileSync('cmp', [first.device, second.device]);
  }
  await flash(daemon, back, second);
  execFileSync('cmp', [first.device, second.device]);
  const [job] = JSON.parse(await done(daemon, '--json', 'list')).filter(({ kind }) => kind === 'read');
  assert.equal(job.done, job.total);
  assert.equal(job.target, back);
  assert.deepEqual(job.drives.map(({ id, state }) => ({ id, state })), [{ id: first.id, state: 'succeeded' }]);
}

function isHere(tool) {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function packsOnRequest({ run, daemon, drives: [first, second] }) {
  const packed = run.path('main', 'downloads', 'packed.img.zst');
  await done(daemon, 'read', first.device, packed.slice(0, -4), '--compress', '--wait');
  execFileSync('zstd', ['-tq', packed]);
  execFileSync('sha256sum', ['--check', '--quiet', 'packed.img.zst.sha256'], { cwd: path.dirname(packed) });
  execFileSync('dd', ['if=/dev/urandom', `of=${second.device}`, 'bs=1M', 'count=24', 'oflag=direct', 'status=none']);
  await flash(daemon, packed, second);
  execFileSync('cmp', [first.device, second.device]);
  const told = await done(daemon, 'compare', second.id, packed, '--wait', '--json');
  assert.match(told, /all 25165824 bytes of the image are on the drive/);
}

async function replacesNothing({ run, daemon, drives: [drive] }) {
  const back = run.path('main', 'downloads', 'back.img');
  const before = readFileSync(back);
  const again = await daemon.ctl('read', drive.id, back, '--wait');
  assert.equal(again.code, Exit.Failed);
  assert.match(again.lines.join('\n'), /is there already/);
  assert.deepEqual(readFileSync(back), before);
}

async function tellsWhereTheyDiffer({ run, daemon, image, drives: [drive] }) {
  const other = Buffer.from(image);
  other[3 * MiB + 5] ^= 1;
  other[9 * MiB] ^= 1;
  writeFileSync(run.path('other.raw'), other);
  const compared = await daemon.ctl('compare', drive.id, run.path('other.raw'), '--wait');
  assert.equal(compared.code, Exit.Failed);
  assert.match(compared.lines.join('\n'), /first at byte 3145733, in 2 of 17 MiB; 8376263 bytes behind the image/);
}

async function leavesNothingWhenCanceled({ run, daemon }) {
  const [large] = await loopDevices(run, { count: 1, bytes: 64 * 1024 * MiB }); // empty, but long
  const folder = run.path('main', 'downloads');
  const before = readdirSync(folder);
  await until('drayd sees it', async () => (await done(daemon, 'devices')).includes(large.device));
  const { id } = JSON.parse(await done(daemon, '--json', 'read', large.device, path.join(folder, 'large.img.zst')));
  await until('it reads', async () => JSON.parse(await done(daemon, '--json', 'show', id)).done > 0);
  const busy = await daemon.ctl('eject', large.device);
  assert.match(busy.lines.join('\n'), new RegExp(`job ${id} works on`));
  assert.notEqual(busy.code, Exit.Done);
  await done(daemon, 'cancel', id);
  await until('it has stopped', async () => JSON.parse(await done(daemon, '--json', 'show', id)).state === 'canceled');
  assert.deepEqual(readdirSync(folder), before);
}

async function asksBeforeItFormats({ daemon, drives: [drive] }) {
  const before = readFileSync(drive.file);
  const unasked = await daemon.ctl('format', drive.id, '--label', 'MINE');
  assert.equal(unasked.code, Exit.Refused, unasked.lines.join('\n'));
  assert.match(unasked.lines.join('\n'), new RegExp(`would erase ${drive.device}`));
  const other = await daemon.ctl('format', drive.id, '--erase', 'another');
  assert.equal(other.code, Exit.Refused);
  const odd = await daemon.ctl('format', drive.id, '--erase', drive.id, '--file-system', 'ext4');
  assert.equal(odd.code, Exit.Usage);
  assert.match(odd.lines.join('\n'), /exfat or fat32/);
  assert.deepEqual(readFileSync(drive.file), before);
}

async function ejects({ daemon, drives: [drive] }) {
  assert.match(await done(daemon, 'eject', drive.device), /can be pulled out/);
  assert.deepEqual(JSON.parse(await done(daemon, '--json', 'eject', drive.id)), { ending: 'unmounted' });
  const missing = await daemon.ctl('eject', 'nosuch');
  assert.equal(missing.code, Exit.Failed);
  assert.match(missing.lines.join('\n'), /no drive "nosuch"/);
  assert.equal((await daemon.ctl('eject')).code, Exit.Usage);
  assert.ok(existsSync(drive.file));
}

await runTest('back', main, { success: 'back: all held' });
