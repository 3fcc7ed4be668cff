// Flashing from a URL through a real drayd, drayctl and nginx onto loop devices: the image is written while
// it is downloaded, the first MiB comes last, and what is not to be kept is gone afterwards.
//
//     node flashurl.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held. Where
// nobody may have loop devices it is skipped, with the reason.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { loopDevices } from './support/loopdevice.mjs';
import { freePort, runTest, Skipped, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const imageBytes = 24 * MiB + 12_345;
const bytesPerSecond = MiB / 4; // of each connection
const seconds = 120;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const drives = await loopDevices(run, { count: 1, bytes: 32 * MiB });
  if (drives.reason) throw new Skipped(drives.reason);
  const locations = 'location /fast/ { alias www/; limit_rate 4m; } location /noranges/ { alias www/; limit_rate 4m; max_ranges 0; }';
  const server = await FileServer.start(run, { name: 'image.img', size: imageBytes, bytesPerSecond, locations });
  const image = run.path('www', 'image.img');
  execFileSync('xz', ['-1', '-k', '-T2', '--block-size=4MiB', image]);
  execFileSync('zip', ['-q', '-j', run.path('www', 'image.zip'), image]);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const scene = { run, daemon, server, image, drive: drives[0] };
  for (const name of ['image.img', 'fast/image.img.xz', 'fast/image.zip', 'noranges/image.img', 'noranges/image.img.xz'])
    await writesAndRemoves(scene, name);
  await writesWhileItComes(scene);
  await keepsTheFile(scene);
  await outlivesItsServer(scene);
  await waitsForAPausedDownload(scene);
  await leavesAWrongImageOff(scene);
  await believesTheChecksumBesideTheImage(scene);
  await saysWhyTheDownloadFailed(scene);
  await endsTheDownloadItIsCanceledWith(scene);
  await isRetriedWhenItsLinkWorks(scene);
  for (const options of [[], ['--keep']]) await isRetriedAfterItWasCanceled(scene, options);
  for (const asked of ['download', 'flash']) await goesOnAfterItsDownloadWasCanceled(scene, asked);
  await isRetriedFromTheKeptFile(scene);
  await endsWithItsProgram(scene, []);
  await endsWithItsProgram(scene, ['--keep']);
}

const urlOf = ({ server }, name) => `http://127.0.0.1:${server.port}/${name}`;

async function jobs({ daemon }) {
  return JSON.parse((await daemon.ctl('--json', 'list')).lines.join('\n'));
}

async function show({ daemon }, id) {
  return JSON.parse((await daemon.ctl('--json', 'show', id)).lines.join('\n'));
}

/** Begins a flash: its job's id, and that of its download. */
async function begin(scene, name, ...options) {
  const { daemon, drive } = scene;
  const added = await daemon.ctl('--json', 'flash', urlOf(scene, name), '--device', drive.id, '--erase', drive.id, ...options);
  assert.equal(added.code, 0, added.lines.join('\n'));
  const { id } = JSON.parse(added.lines.join('\n'));
  return { flash: id, download: String(Number(id) - 1) }; // added just before it
}

/** How the flash ended. */
function ended(scene, flash) {
  const isOver = ({ state }) => ['succeeded', 'failed', 'canceled'].includes(state);
  return until('the flash ends', async () => [await show(scene, flash)].find(isOver), seconds);
}

async function isWritten(scene, flash) {
  const job = await ended(scene, flash);
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  execFileSync('cmp', ['-n', String(imageBytes), scene.image, scene.drive.device]);
}

function firstMiBIsBlank({ drive }) {
  return readFileSync(drive.file).subarray(0, MiB).every((byte) => byte === 0);
}

/** Nothing is left of a download that was not to be kept: neither its job nor a file. */
async function isGone(scene, download) {
  await until('the download is removed', async () => (await jobs(scene)).every(({ id }) => id !== download), seconds);
  const hidden = path.join(scene.daemon.data, 'flash-images');
  await until('its files are removed', () => scene.daemon.namesIn(hidden).length === 0, seconds);
}

async function writesAndRemoves(scene, name) {
  const { flash, download } = await begin(scene, name);
  await isWritten(scene, flash);
  await isGone(scene, download);
  assert.deepEqual(readdirSync(scene.daemon.downloads), []);
}

async function writesWhileItComes(scene) {
  const { flash, download } = await begin(scene, 'image.img');
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  assert.equal((await show(scene, download)).state, 'running');
  assert.ok(firstMiBIsBlank(scene));
  await isWritten(scene, flash);
  await isGone(scene, download);
}

async function keepsTheFile(scene) {
  const sha256 = createHash('sha256').update(readFileSync(scene.image)).digest('hex');
  const { flash, download } = await begin(scene, 'fast/image.img.xz', '--keep', '--sha256', sha256);
  await isWritten(scene, flash);
  assert.equal((await show(scene, download)).state, 'succeeded');
  execFileSync('cmp', [`${scene.image}.xz`, path.join(scene.daemon.downloads, 'image.img.xz')]);
  await removeDownloads(scene);
}

async function outlivesItsServer(scene) {
  const { flash, download } = await begin(scene, 'image.img.xz');
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  await scene.server.stop();
  await until('the flash says what it waits for', async () => (await show(scene, flash)).message === 'waiting for the download', seconds);
  assert.equal((await show(scene, flash)).state, 'running');
  assert.ok(firstMiBIsBlank(scene));
  await scene.server.launch();
  await isWritten(scene, flash);
  await isGone(scene, download);
}

async function waitsForAPausedDownload(scene) {
  const { flash, download } = await begin(scene, 'image.img');
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  assert.equal((await scene.daemon.ctl('pause', download)).code, 0);
  await until('the flash says what it waits for', async () => (await show(scene, flash)).message === 'waiting for the download', seconds);
  assert.equal((await show(scene, download)).state, 'paused');
  assert.ok(firstMiBIsBlank(scene));
  assert.equal((await scene.daemon.ctl('resume', download)).code, 0);
  await isWritten(scene, flash);
  await isGone(scene, download);
}

async function leavesAWrongImageOff(scene) {
  const { flash, download } = await begin(scene, 'fast/image.img.xz', '--sha256', '0'.repeat(64));
  const job = await ended(scene, flash);
  assert.equal(job.state, 'failed');
  assert.equal(job.error.code, 'checksumMismatch');
  assert.ok(firstMiBIsBlank(scene));
  await isGone(scene, download);
}

async function believesTheChecksumBesideTheImage(scene) {
  const beside = scene.run.path('www', 'image.img.xz.sha256');
  const right = createHash('sha256').update(readFileSync(`${scene.image}.xz`)).digest('hex');
  writeFileSync(beside, `${'0'.repeat(64)}  image.img.xz\n`);
  const wrong = await begin(scene, 'fast/image.img.xz');
  assert.equal((await ended(scene, wrong.flash)).error.code, 'checksumMismatch');
  assert.ok(firstMiBIsBlank(scene));
  await isGone(scene, wrong.download);
  writeFileSync(beside, `${right}  image.img.xz\n`);
  await isWritten(scene, (await begin(scene, 'fast/image.img.xz')).flash);
  rmSync(beside);
  await nothingIsLeft(scene);
}

async function saysWhyTheDownloadFailed(scene) {
  const before = readFileSync(scene.drive.file);
  const { flash, download } = await begin(scene, 'nosuch.img');
  const job = await ended(scene, flash);
  assert.equal(job.state, 'failed');
  assert.equal(job.error.code, 'notFound');
  assert.match(job.error.message, /failed: .*nosuch\.img/);
  assert.deepEqual(readFileSync(scene.drive.file), before);
  await isGone(scene, download);
}

async function endsTheDownloadItIsCanceledWith(scene) {
  const { flash, download } = await begin(scene, 'image.img');
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  assert.equal((await scene.daemon.ctl('cancel', flash)).code, 0);
  assert.equal((await ended(scene, flash)).state, 'canceled');
  assert.ok(firstMiBIsBlank(scene));
  await isGone(scene, download);
}

/** Nothing but the flashes' jobs is left, and no file. */
async function nothingIsLeft(scene) {
  await until('downloads are removed', async () => (await jobs(scene)).every(({ kind }) => kind === 'flash'), seconds);
  await until('their files are removed', () => scene.daemon.namesIn(path.join(scene.daemon.data, 'flash-images')).length === 0, seconds);
}

/** With its file: what a test kept. */
async function removeDownloads(scene) {
  for (const { id, kind } of await jobs(scene))
    if (kind === 'download') assert.equal((await scene.daemon.ctl('remove', id, '--files')).code, 0);
  assert.deepEqual(readdirSync(scene.daemon.downloads), []);
}

async function isRetriedWhenItsLinkWorks(scene) {
  const { flash } = await begin(scene, 'later.img');
  assert.equal((await ended(scene, flash)).error.code, 'notFound');
  copyFileSync(scene.image, scene.run.path('www', 'later.img'));
  assert.equal((await scene.daemon.ctl('retry', flash)).code, 0);
  await isWritten(scene, flash);
  await nothingIsLeft(scene);
}

async function isRetriedAfterItWasCanceled(scene, options) {
  const { flash, download } = await begin(scene, 'image.img', ...options);
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  assert.equal((await scene.daemon.ctl('cancel', flash)).code, 0);
  assert.equal((await ended(scene, flash)).state, 'canceled');
  assert.equal((await scene.daemon.ctl('retry', flash)).code, 0);
  await isWritten(scene, flash);
  if (options.length === 0) return nothingIsLeft(scene);
  assert.equal((await show(scene, download)).state, 'succeeded'); // it went on all the time
  await removeDownloads(scene);
}

async function goesOnAfterItsDownloadWasCanceled(scene, asked) {
  const { daemon } = scene;
  const { flash, download } = await begin(scene, 'image.img');
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  assert.equal((await daemon.ctl('pause', flash)).code, 0);
  assert.equal((await show(scene, flash)).state, 'paused'); // exit code 0: what was asked has happened
  assert.equal((await daemon.ctl('cancel', download)).code, 0);
  await until('it is canceled', async () => (await show(scene, download)).state === 'canceled', seconds);
  if (asked === 'download') assert.equal((await daemon.ctl('retry', download)).code, 0);
  assert.equal((await daemon.ctl('resume', flash)).code, 0);
  await isWritten(scene, flash);
  await nothingIsLeft(scene);
}

/** The drive is kept by another program until the download is done; then its server goes. */
async function isRetriedFromTheKeptFile(scene) {
  const { run, daemon, drive } = scene;
  const keeper = run.start('flock', 'flock', ['--no-fork', drive.device, 'sh', '-c', 'echo kept; exec sleep 120']);
  await until('the drive is kept', () => keeper.lines.includes('kept'));
  const { flash, download } = await begin(scene, 'image.img', '--keep');
  assert.equal((await ended(scene, flash)).error.code, 'deviceBusy');
  await until('it is downloaded', async () => (await show(scene, download)).state === 'succeeded', seconds);
  await keeper.stop();
  await scene.server.stop();
  assert.equal((await daemon.ctl('retry', flash)).code, 0);
  await isWritten(scene, flash);
  await scene.server.launch();
  await removeDownloads(scene);
}

/** The next start of the program runs nothing: the flash fails, its download goes with it or is finished; it can be retried. */
async function endsWithItsProgram(scene, options) {
  const { daemon } = scene;
  const { flash, download } = await begin(scene, 'image.img', ...options);
  await until('bytes are written', async () => (await show(scene, flash)).done > 2 * MiB, seconds);
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
  assert.ok(firstMiBIsBlank(scene));
  await daemon.start();
  const job = await show(scene, flash);
  assert.equal(job.state, 'failed');
  assert.match(job.error.message, /agree anew/);
  if (options.length === 0) await isGone(scene, download);
  assert.equal((await daemon.ctl('retry', flash)).code, 0);
  await isWritten(scene, flash);
  if (options.length === 0) return nothingIsLeft(scene);
  const fetched = await until('the download ends', async () => [await show(scene, download)].find(({ state }) => state === 'succeeded'), seconds);
  execFileSync('cmp', [scene.image, fetched.target]);
}

await runTest('flashurl', main, { success: 'flashurl: all held' });
