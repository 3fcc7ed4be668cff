// A mount that died under files which were downloaded: who asks for one waits, and nobody else.
//
//     node deadmount.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code 0 when every
// case is as it must be. It runs where mounts are its own; where nobody may have such a place it is skipped.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { DeadMount } from './support/deadmount.mjs';
import { FileServer } from './support/fileserver.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { runInside } from './support/ownnetwork.mjs';
import { RawSocket } from './support/rawsocket.mjs';
import { request } from './support/request.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const size = 256 * 1024;
const readers = 100;
/** Threads that may hang in one folder, see core/fileopener.h. */
const threadsPerFolder = 4;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run, rows) {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const server = await FileServer.start(run, { name: 'image.bin', size, bytesPerSecond: 0 });
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const folder = path.join(daemon.downloads, 'nas');
  const scene = { run, server, daemon, lost: await download(daemon, server, folder), kept: await download(daemon, server, daemon.downloads) };
  const mount = DeadMount.over(run, folder);
  await rows.run('others are answered while many wait', () => answersOthers(scene));
  await rows.run('who left meanwhile is forgotten', () => forgetsWhoLeft(scene));
  await rows.run('the hub ends while one waits', () => endsMeanwhile(scene));
  await rows.run('a mount that is gone for good is told', () => tellsWhatIsGone(scene, mount));
}

async function download(daemon, server, folder) {
  const { code, lines } = await daemon.ctl('--json', 'add', '--wait', '--to', folder, server.url);
  assert.equal(code, 0, lines.join('\n'));
  return JSON.parse(lines.join('\n')).id;
}

/** The lines of a request for a job's file. */
function asking({ daemon }, job) {
  const { token } = daemon.endpoint();
  return `GET /file/${job} HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
}

function fetched({ daemon }, target) {
  const { token } = daemon.endpoint();
  return fetch(`http://127.0.0.1:${daemon.port}${target}`, { headers: { Authorization: `Bearer ${token}` } });
}

const descriptors = ({ daemon }) => readdirSync(`/proc/${daemon.pid}/fd`).length;
const threads = ({ daemon }) => Number(/^Threads:\s+(\d+)$/m.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))[1]);

async function answersOthers(scene) {
  const { daemon, server, kept, lost } = scene;
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  await assertServes(scene, kept, server.sha256);
  const before = threads(scene);
  scene.waiting = await Promise.all(Array.from({ length: readers }, () => RawSocket.open(daemon.port)));
  for (const socket of scene.waiting) await socket.write(asking(scene, lost));
  await assertServes(scene, kept, server.sha256);
  assert.equal((await request({ port: daemon.port, path: '/healthz', headers: { Host: `127.0.0.1:${daemon.port}` } })).status, 200);
  assert.equal((await client.call('job.list', {})).jobs.length, 2);
  assert.ok(threads(scene) <= before + threadsPerFolder + 1, `${threads(scene)} threads, ${before} before`);
  assert.ok(scene.waiting.every((socket) => socket.text === '' && !socket.isClosed));
  client.cut();
}

async function assertServes(scene, job, sha256) {
  const answer = await fetched(scene, `/file/${job}`);
  assert.equal(answer.status, 200);
  assert.equal(createHash('sha256').update(Buffer.from(await answer.arrayBuffer())).digest('hex'), sha256);
}

async function forgetsWhoLeft(scene) {
  const before = descriptors(scene);
  for (const socket of scene.waiting) socket.destroy();
  await until('their connections are gone', () => descriptors(scene) <= before - readers);
}

async function endsMeanwhile(scene) {
  const { daemon, kept, lost, server } = scene;
  const socket = await RawSocket.open(daemon.port);
  await socket.write(asking(scene, lost));
  await assertServes(scene, kept, server.sha256);
  await daemon.stop(); // kills it when it does not end
  assert.deepEqual(daemon.exit, { code: 0, signal: null });
  socket.destroy();
  await daemon.start();
  await assertServes(scene, kept, server.sha256);
}

async function tellsWhatIsGone(scene, mount) {
  const answer = fetched(scene, `/file/${scene.lost}`);
  await assertServes(scene, scene.kept, scene.server.sha256);
  mount.end();
  assert.ok([404, 200].includes((await answer).status)); // as it is looked at before or after the mount is off
  await assertServes(scene, scene.lost, scene.server.sha256);
}

await runInside(() => runRows('deadmount', main, 'a dead mount'));
