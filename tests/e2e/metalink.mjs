// A Metalink document through a real drayd, drayctl and nginx, beside aria2: its files become jobs, a
// damaged mirror is repaired from another, and what cannot be had is named.
//
//     node metalink.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1 };
const PieceBytes = 1024 * 1024;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const server = await FileServer.start(run, { name: 'image.bin', size: 20_000_000, bytesPerSecond: 0 });
  const scene = { run, server, site: path.dirname(server.url), daemon: new Daemon(run, { programs, name: 'main', port: await freePort() }) };
  await scene.daemon.start();
  await repairsFromTheOtherMirror(scene);
  await agreesWithAria2(scene);
  await readsAFileHere(scene);
  await saysWhatIsWrong(scene);
}

const digest = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('hex');

function described(name, bytes, urls) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += PieceBytes) pieces.push(digest('sha1', bytes.subarray(at, at + PieceBytes)));
  return `<file name="${name}"><size>${bytes.length}</size><hash type="sha-256">${digest('sha256', bytes)}</hash>
    <pieces length="${PieceBytes}" type="sha-1">${pieces.map((hash) => `<hash>${hash}</hash>`).join('')}</pieces>
    ${urls.map((url, index) => `<url priority="${index + 1}">${url}</url>`).join('')}</file>`;
}

const document = (...files) => `<?xml version="1.0" encoding="UTF-8"?>
<metalink xmlns="urn:ietf:params:xml:ns:metalink">${files.join('\n')}</metalink>`;

/** image.bin, damaged at the mirror that is asked first, and a small file in a folder of its own. */
function writeDocument({ run, site }) {
  const image = readFileSync(run.path('www', 'image.bin'));
  const damaged = Buffer.from(image);
  damaged[7 * PieceBytes + 5] ^= 1;
  writeFileSync(run.path('www', 'damaged.bin'), damaged);
  writeFileSync(run.path('www', 'small.txt'), 'small');
  const files = [
    described('image.bin', image, [`${site}/damaged.bin`, `${site}/image.bin`]),
    described('notes/small.txt', Buffer.from('small'), [`${site}/gone.txt`, `${site}/small.txt`]),
  ];
  const torrent = '<file name="torrent-only.bin"><metaurl mediatype="torrent">http://127.0.0.1/x.torrent</metaurl></file>';
  writeFileSync(run.path('www', 'sound.meta4'), document(described('image.bin', image, [`${site}/image.bin`])));
  writeFileSync(run.path('www', 'set.meta4'), document(...files, torrent));
}

async function repairsFromTheOtherMirror(scene) {
  const { run, site, daemon } = scene;
  writeDocument(scene);
  const added = await daemon.ctl('add', '--wait', `${site}/set.meta4`);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  const jobs = await ended(daemon, 3);
  assert.deepEqual(jobs.map((job) => job.state), ['succeeded', 'succeeded', 'succeeded'], JSON.stringify(jobs));
  assert.match(jobs[0].message, /^2 files.*torrent-only\.bin/);
  assert.deepEqual(readFileSync(path.join(daemon.downloads, 'image.bin')), readFileSync(run.path('www', 'image.bin')));
  assert.equal(readFileSync(path.join(daemon.downloads, 'notes', 'small.txt'), 'utf8'), 'small');
  // Journals go when the jobs' success is on disk, which may be a moment later.
  await until('only what was asked for is there', () => String(daemon.namesIn(daemon.downloads)) === 'image.bin,notes');
}

/** Another reader of the format comes to the same bytes. (aria2 1.36 gives up at the damaged mirror.) */
async function agreesWithAria2({ run, site }) {
  const folder = run.path('aria2');
  mkdirSync(folder);
  const { code, lines } = await run.command('aria2', 'aria2c', ['--no-conf', '-q', '-d', folder, '--follow-metalink=mem', `${site}/sound.meta4`]);
  assert.equal(code, 0, lines.join('\n'));
  assert.deepEqual(readFileSync(path.join(folder, 'image.bin')), readFileSync(run.path('www', 'image.bin')));
}

async function readsAFileHere({ run, site, daemon }) {
  const here = run.path('here.meta4');
  writeFileSync(here, document(described('again.txt', Buffer.from('small'), [`${site}/small.txt`])));
  const added = await daemon.ctl('add', '--wait', here);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  await ended(daemon, 5);
  assert.equal(readFileSync(path.join(daemon.downloads, 'again.txt'), 'utf8'), 'small');
}

async function saysWhatIsWrong({ run, site, daemon }) {
  writeFileSync(run.path('www', 'broken.meta4'), document('<file name="../../leads-out"/>'));
  const broken = await daemon.ctl('add', '--wait', `${site}/broken.meta4`);
  assert.equal(broken.code, Exit.Failed);
  assert.match(broken.lines.join('\n'), /leads-out/);
  const named = await daemon.ctl('add', '--metalink', '--name', 'x', `${site}/set.meta4`);
  assert.notEqual(named.code, Exit.Done);
  assert.match(named.lines.join('\n'), /name: a Metalink document describes several files/);
}

/** All jobs in the order they were added, once there are `count` and all have ended. */
async function ended(daemon, count) {
  let jobs = [];
  await until(`${count} jobs have ended`, async () => {
    jobs = JSON.parse((await daemon.ctl('--json', 'list')).lines.join('\n'));
    return jobs.length === count && jobs.every((job) => ['succeeded', 'failed', 'canceled'].includes(job.state));
  });
  return jobs.sort((a, b) => Number(a.id) - Number(b.id));
}

await runTest('metalink', main, { success: 'metalink: all held' });
