// Giving USB sticks back: read into an image, compared, made empty, and safe to pull out.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { until } from '../support/testrun.mjs';
import { Users } from '../support/guestmachine.mjs';
import { assertUntouched, contentOf, Exit, flash, keepOpen, MiB, newest, plug, shown, slow, withFat } from './scene.mjs';

export const backCases = [
  ['a stick is made empty as exFAT, for every user', (scene) => givesBack(scene, { kind: 'exfat', type: 0x07, check: 'fsck.exfat -n', label: 'Given' })],
  ['a stick is made empty as FAT32, for every user', (scene) => givesBack(scene, { kind: 'fat32', type: 0x0c, check: 'fsck.vfat -n', label: 'GIVEN' })],
  ['a stick is not made empty for who did not name it', emptiesNothingUnasked],
  ['a stick is read into an image and is the same as that', readsAndCompares],
  ['a stick that cannot be read at one place makes no good image', makesNoGoodImage],
  ['a stick that is pulled out while it is read leaves no image', leavesNoImage],
  ['a mounted stick is made safe to pull out', makesSafe],
];

const isType = (stick, type) => contentOf(stick).readUInt8(446 + 4) === type;

const format = ({ hub }, stick, ...options) => hub.ctl('format', stick.drive.id, ...options, '--wait');

async function givesBack(scene, { kind, type, check, label }) {
  const { machine } = scene;
  const stick = await plug(scene, { name: 'GIVEBACK' });
  const formatted = await format(scene, stick, '--erase', stick.drive.id, '--file-system', kind, '--label', label);
  assert.equal(formatted.code, Exit.Done, formatted.text);
  const partition = `${stick.drive.path}1`;
  assert.match(await machine.sh(`udevadm settle; blkid -p ${partition}`), new RegExp(`LABEL="${label}"`));
  await machine.sh(`${check} ${partition}`);
  const mounted = await machine.command(Users.ann, ['udisksctl', 'mount', '--no-user-interaction', '-b', partition]);
  assert.equal(mounted.code, 0, mounted.text);
  const folder = / at (.*?)\.?$/.exec(mounted.text)[1];
  const written = await machine.command(Users.ann, ['bash', '-c', `echo hello >"${folder}/letter" && sync && cat "${folder}/letter"`]);
  assert.equal(written.text, 'hello');
  await machine.sh(`umount "${folder}"`);
  await machine.sh(`${check} ${partition}`);
  await stick.unplug();
  assert.ok(isType(stick, type), 'the partition is of that type');
  assert.equal(contentOf(stick).readUInt32LE(454), MiB / 512);
  assert.equal(contentOf(stick).readUInt16LE(510), 0xaa55);
}

async function emptiesNothingUnasked(scene) {
  const stick = await plug(scene, { name: 'UNASKED' });
  for (const options of [[], ['--erase', 'another']]) {
    const refused = await format(scene, stick, ...options);
    assert.equal(refused.code, Exit.Refused, refused.text);
  }
  await stick.unplug();
  assertUntouched(stick);
}

async function readsAndCompares(scene) {
  const { machine, hub, image } = scene;
  const stick = await plug(scene, { name: 'READ' });
  const read = await hub.ctl('read', stick.drive.id, '/home/ann/read.img', '--wait');
  assert.equal(read.code, Exit.Done, read.text);
  const sha256 = createHash('sha256').update(stick.before).digest('hex');
  assert.match(await machine.sh('sha256sum /home/ann/read.img; cat /home/ann/read.img.sha256'), new RegExp(`^${sha256}[^]*${sha256}`));
  const same = await hub.ctl('compare', stick.drive.id, '/home/ann/read.img', '--wait');
  assert.equal(same.code, Exit.Done, same.text);
  const other = await hub.ctl('compare', stick.drive.id, image.packed, '--wait');
  assert.equal(other.code, Exit.Failed, other.text);
  assert.match(other.text, /first at byte 0\b/);
  await machine.sh('rm /home/ann/read.img*');
  await stick.unplug();
  assertUntouched(stick);
}

async function makesNoGoodImage(scene) {
  const hole = 12 * MiB;
  const stick = await plug(scene, { name: 'HOLE', faults: [{ iotype: 'read', sector: hole / 512 + 7 }] });
  const read = await scene.hub.ctl('read', stick.drive.id, '/home/ann/hole.img', '--wait');
  assert.equal(read.code, Exit.Failed, read.text);
  assert.equal(await scene.machine.sh('ls /home/ann | grep hole | grep -v -e .bad -e .bmap -e .sha256 || true'), '');
  const kept = Buffer.concat([stick.before.subarray(0, hole), stick.before.subarray(hole + MiB)]);
  const sha256 = createHash('sha256').update(kept).digest('hex');
  const bad = '/home/ann/hole.img.bad';
  assert.match(await scene.machine.sh(`(head -c ${hole} ${bad}; tail -c +${hole + MiB + 1} ${bad}) | sha256sum`), new RegExp(sha256));
  await scene.machine.sh('rm /home/ann/hole*');
  await stick.unplug();
  assertUntouched(stick);
}

async function leavesNoImage(scene) {
  const { machine, hub } = scene;
  const stick = await plug(scene, { name: 'LEAVES', pace: { 'bps-read': slow } });
  const reading = await hub.begin('read', stick.drive.id, '/home/ann/left.img', '--wait');
  const isHalf = ({ drives, done }) => drives?.[0]?.id === stick.drive.id && done > 2 * MiB;
  await until('it is in the middle', async () => reading.exit !== null || isHalf(await newest(hub)), 60);
  await stick.unplug();
  await until('the job ends', () => reading.exit !== null, 60);
  assert.equal(reading.exit, Exit.Failed, reading.lines.join('\n'));
  assert.equal((await newest(hub)).error.code, 'deviceGone');
  assert.equal(await machine.sh('ls -A /home/ann | grep left || true'), '');
}

async function makesSafe(scene) {
  const { hub, image } = scene;
  const stick = await withFat(scene, 'SAFE');
  const user = await keepOpen(scene, stick);
  const busy = await hub.ctl('eject', stick.drive.id);
  assert.notEqual(busy.code, Exit.Done, busy.text);
  assert.match(busy.text, /in use/);
  user.kill('SIGKILL');
  await until('it is not used any more', () => user.exit);
  const ejected = await hub.ctl('eject', stick.drive.id);
  assert.equal(ejected.code, Exit.Done, ejected.text);
  assert.match(ejected.text, /is (ejected|powered off)/); // Debian recommends `eject`; not all have it
  await until('nothing can be written to it', async () => !(await shown(hub, stick.name))?.selectable);
  assert.notEqual((await flash(scene, image.plain, stick)).code, Exit.Done);
}
