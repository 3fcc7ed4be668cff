// What the cases of the guest share: images, sticks that are files here, and what must be on them.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Users } from '../support/guestmachine.mjs';
import { until } from '../support/testrun.mjs';

export const Exit = { Done: 0, Failed: 1, Refused: 4 };
export const MiB = 1024 * 1024;
export const stickBytes = 64 * MiB;
export const imageBytes = 24 * MiB + 512;
/** Slow enough that there is a middle. */
export const slow = 3 * MiB;

/** An image with one partition of FAT, random otherwise, plain and packed, where the guest can read it. */
export function makeImage(run) {
  const file = run.path('shared', 'image.raw');
  const bytes = randomFillSync(Buffer.alloc(imageBytes));
  bytes.fill(0, 0, MiB);
  bytes.set([0, 0, 2, 0, 0x0c, 0, 2, 0], 446); // at block 2048, 8 MiB long
  bytes.writeUInt32LE(2048, 454);
  bytes.writeUInt32LE(16384, 458);
  bytes.set([0x55, 0xaa], 510);
  writeFileSync(run.path('fat'), Buffer.alloc(8 * MiB));
  execFileSync('/sbin/mkfs.vfat', ['-n', 'FLASHED', run.path('fat')]);
  readFileSync(run.path('fat')).copy(bytes, MiB);
  writeFileSync(file, bytes);
  execFileSync('xz', ['-1', '-k', file]);
  return { bytes, plain: '/dray/shared/image.raw', packed: '/dray/shared/image.raw.xz' };
}

/** A stick full of what somebody would miss, plugged in and shown: `{name, file, before, drive, unplug}`. */
export async function plug({ run, machine, hub }, { name, port = 1, content, ...options }) {
  const file = run.path(`${name}-${port}-${Math.random()}`);
  const before = content ?? Buffer.alloc(stickBytes, `holiday ${file} `);
  if (!options.nbd) writeFileSync(file, before);
  const plugged = await machine.plug({ name, port, file: options.nbd ? undefined : file, ...options });
  const drive = await until(`${name} is shown`, () => shown(hub, name), 60);
  return { name, file, before, drive, unplug: () => machine.unplug(plugged) };
}

export const shown = async (hub, name) => (await hub.json('devices')).find(({ serial }) => serial === name);

export const contentOf = ({ file }) => readFileSync(file);

export function assertHolds({ run }, stick, image) {
  writeFileSync(run.path('image'), image.bytes);
  const compared = spawnSync('cmp', ['-n', String(image.bytes.length), run.path('image'), stick.file], { encoding: 'utf8' });
  assert.equal(compared.status, 0, compared.stdout + compared.stderr);
}

export const assertUntouched = (stick) => assert.ok(contentOf(stick).equals(stick.before), `${stick.name} is as it was`);

export function assertBlank(stick) {
  for (const end of [contentOf(stick).subarray(0, MiB), contentOf(stick).subarray(-MiB)]) assert.ok(end.every((byte) => byte === 0), `${stick.name} is blank`);
}

export const flash = ({ hub }, image, ...sticks) => hub.ctl('flash', image, ...named(sticks), '--wait');

export const named = (sticks) => sticks.flatMap(({ drive }) => ['--device', drive.id, '--erase', drive.id]);

export const newest = async (hub) => (await hub.json('list')).sort((a, b) => Number(b.id) - Number(a.id))[0];

/** A stick with a FAT file system that ann has mounted, at `folder`. */
export async function withFat(scene, name) {
  const file = scene.run.path('fat-stick');
  writeFileSync(file, Buffer.alloc(stickBytes));
  execFileSync('/sbin/mkfs.vfat', ['-n', name, '-I', file]);
  const stick = await plug(scene, { name, content: readFileSync(file) });
  const { code, text } = await scene.machine.command(Users.ann, ['udisksctl', 'mount', '--no-user-interaction', '-b', stick.drive.path]);
  assert.equal(code, 0, text);
  const folder = / at (.*?)\.?$/.exec(text)[1];
  await until('the mount is shown', async () => (await shown(scene.hub, name)).mounted.length > 0);
  return { ...stick, folder };
}

/** Ann opens a file on a mounted stick and keeps it open: her process. */
export async function keepOpen({ machine }, stick) {
  const user = await machine.spawn(Users.ann, 'bash', '-c', `exec sleep 600 >"${stick.folder}/letter"`);
  await machine.sh(`until [ -e "${stick.folder}/letter" ]; do sleep 0.05; done; sync`);
  return user;
}

/** Begins to flash and returns when that many bytes of work on the first stick are done. */
export async function flashUpTo(scene, bytes, ...sticks) {
  const flashing = await scene.hub.begin('flash', scene.image.plain, ...named(sticks), '--wait');
  const isThere = ({ drives: [{ id, done }] }) => id === sticks[0].drive.id && done > bytes;
  await until('it is in the middle', async () => flashing.exit !== null || isThere(await newest(scene.hub)), 120);
  assert.equal(flashing.exit, null, flashing.lines.join('\n'));
  return flashing;
}

export async function assertGone({ hub }, flashing, stick) {
  await until('the job ends', () => flashing.exit !== null, 60);
  assert.equal(flashing.exit, Exit.Failed, flashing.lines.join('\n'));
  const job = await newest(hub);
  assert.equal(job.state, 'failed');
  assert.equal(job.error.code, 'deviceGone', JSON.stringify(job.error));
  assert.match(job.error.message, new RegExp(`${stick.drive.path}|${stick.drive.id}`));
  assert.ok(hub.isRunning);
}
