// Clients that misbehave on purpose: whatever they send, or do not take, drayd's memory stays bounded, its
// connections come back, and a well-behaved client is answered all the while.
//
//     node abuse.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when every case is
// as it must be. Every load stops by itself.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asked, bearer } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { Opcode, RawSocket, frame } from './support/rawsocket.mjs';
import { request } from './support/request.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';
import { Witness } from './support/witness.mjs';

const MiB = 1024 * 1024;
const maxConnections = 256;
const turnedAway = 64; // so many more are told that it is full
/** A shared machine may be slow; who is blocked by others waits for far longer. */
const slowestMs = 3_000;

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run, rows) {
  for (const test of [enduresSlowClients, enduresHugeRequests, leavesNoDoubt, enduresWebSockets, enduresTalkers, closesSlowReaders, enduresCrowds]) {
    const scene = await prepare(run, test.name);
    await test(scene, rows);
    await scene.daemon.stop();
  }
}

/** A hub for one group of cases: what another left in its memory would hide what is taken. */
async function prepare(run, name) {
  const daemon = new Daemon(run, { programs, name, port: await freePort() });
  await daemon.start();
  return { daemon, port: daemon.port, token: daemon.endpoint().token };
}

/** Bytes in memory: `VmRSS`, or the most since `forgetPeak`, `VmHWM` (proc(5)). */
function memory({ daemon }, field) {
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) * 1024;
}

const forgetPeak = ({ daemon }) => writeFileSync(`/proc/${daemon.pid}/clear_refs`, '5');
const descriptors = ({ daemon }) => readdirSync(`/proc/${daemon.pid}/fd`).length;
const withToken = ({ port, token }, line, lines = '') => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n${lines}\r\n`;

/** Runs `load()`: the peak of memory grows by less than `grows` bytes, and a witness is answered meanwhile. */
async function endures(scene, { grows }, load) {
  const [before, open] = [memory(scene, 'VmRSS'), descriptors(scene)];
  forgetPeak(scene);
  const witness = await Witness.start(scene.daemon);
  await load();
  await witness.end();
  const growth = memory(scene, 'VmHWM') - before;
  console.log(`        peak +${(growth / MiB).toFixed(1)} MiB, slowest of ${witness.answers} answers ${witness.slowestMs.toFixed(0)} ms`);
  assert.ok(growth < grows, `memory grew by ${growth} bytes`);
  assert.ok(witness.answers > 0 && witness.slowestMs < slowestMs, `answered after ${witness.slowestMs} ms`);
  await until('all connections are back', () => descriptors(scene) <= open, 10);
}

/** `count` connections at once. */
const openMany = (count, open) => Promise.all(Array.from({ length: count }, (_, i) => open(i)));

/** One byte of `bytes` a second, until the other side has had enough. */
async function drip(raw, bytes) {
  for (const byte of bytes) {
    if (!(await raw.write(Buffer.from([byte])))) return;
    await Promise.race([raw.closed, pause(1_000)]);
  }
}

async function enduresSlowClients(scene, rows) {
  await rows.run('200 heads that drip are ended after five seconds', () =>
    endures(scene, { grows: 16 * MiB }, async () => {
      const head = Buffer.from(withToken(scene, 'GET /healthz', 'X: y\r\n'.repeat(20)));
      const begin = Date.now();
      const raws = await openMany(200, () => RawSocket.open(scene.port));
      await Promise.all(raws.map((raw) => drip(raw, head)));
      assert.ok(raws.every((raw) => raw.isClosed || raw.text.startsWith('HTTP/1.1 408')));
      assert.ok(Date.now() - begin < 15_000, `${Date.now() - begin} ms`);
      raws.forEach((raw) => raw.destroy());
    }),
  );
  await rows.run('200 that say nothing are ended too', () =>
    endures(scene, { grows: 16 * MiB }, async () => {
      const raws = await openMany(200, () => RawSocket.open(scene.port));
      await Promise.all(raws.map((raw) => raw.closed));
      assert.ok(raws.every((raw) => raw.text === ''));
    }),
  );
}

/** Sends `block` up to `times` times, until the other side has had enough; then what it answered. */
async function pour(scene, head, block, times) {
  const raw = await RawSocket.open(scene.port);
  await raw.write(head);
  for (let i = 0; i < times && (await raw.write(block)); i++);
  await until('it is answered', () => raw.isClosed || raw.text.includes('\r\n\r\n'));
  raw.destroy();
  return raw.text.slice(0, 12);
}

async function enduresHugeRequests(scene, rows) {
  const block = Buffer.alloc(256 * 1024, 'x');
  const bodies = {
    'heads without an end': { line: 'GET /healthz', lines: 'X: ', status: 431 },
    'bodies that say their size': { line: 'POST /api/v1/jobs', lines: `Content-Length: ${1024 * MiB}\r\n`, status: 413 },
    'bodies in one chunk': { line: 'POST /api/v1/jobs', lines: 'Transfer-Encoding: chunked\r\n', begin: '40000000\r\n', status: 413 },
    'bodies in chunks without an end': { line: 'POST /api/v1/jobs', lines: 'Transfer-Encoding: chunked\r\n', chunk: '100\r\n' + 'x'.repeat(256) + '\r\n', status: 413 },
  };
  for (const [name, { line, lines, begin = '', chunk, status }] of Object.entries(bodies))
    await rows.run(`100 × 16 MiB: ${name}`, () =>
      endures(scene, { grows: 24 * MiB }, async () => {
        const head = withToken(scene, line, lines).slice(0, status === 431 ? -2 : undefined) + begin;
        const bytes = chunk ? Buffer.from(chunk.repeat(1000)) : block;
        const answers = await openMany(100, () => pour(scene, head, bytes, 64));
        // A client that sends on after its answer may lose it to a reset: RFC 9112 §9.6.
        for (const answer of answers) assert.ok(['', `HTTP/1.1 ${status}`].includes(answer), answer);
        assert.ok(answers.some((answer) => answer !== ''));
      }),
    );
}

/** Requests whose end two readers might see in two places: one answer, and the connection ends. */
async function leavesNoDoubt(scene, rows) {
  const inner = withToken(scene, 'GET /healthz');
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const doubtful = {
    'length, then chunks': `Content-Length: 5\r\n${chunked}`,
    'chunks, then length': `${chunked}Content-Length: 5\r\n`,
    'chunks twice': chunked + chunked,
    'two lengths': 'Content-Length: 0\r\nContent-Length: 5\r\n',
    'a list of lengths': 'Content-Length: 0, 0\r\n',
    'a space before the colon': 'Transfer-Encoding : chunked\r\n',
    'a folded coding': 'Transfer-Encoding:\r\n chunked\r\n',
    'an unknown coding': 'Transfer-Encoding: xchunked\r\n',
    'a hidden line break': 'X: y\rTransfer-Encoding: chunked\r\n',
  };
  for (const [name, lines] of Object.entries(doubtful))
    await rows.run(`no second request is seen behind ${name}`, async () => {
      const raw = await RawSocket.open(scene.port);
      await raw.write(`${withToken(scene, 'POST /api/v1/rpc', lines)}0\r\n\r\n${inner}`);
      await raw.closed;
      assert.match(raw.text, /^HTTP\/1.1 (400|501) /);
      assert.equal(raw.text.match(/HTTP\/1\.1 /g).length, 1);
    });
  await rows.run('counterpart: of two clear requests each is answered', async () => {
    const raw = await RawSocket.open(scene.port);
    await raw.write(`${withToken(scene, 'POST /api/v1/rpc', chunked)}0\r\n\r\n${inner}`);
    await until('both are answered', () => raw.text.match(/HTTP\/1\.1 /g)?.length === 2);
    raw.destroy();
  });
}

const text = (size) => Buffer.alloc(size, 'x');

async function enduresWebSockets(scene, rows) {
  const { port, token } = scene;
  const half = text(40 * 1024);
  const wrong = {
    'a frame that claims 2 GiB': [[frame({ payload: text(100), length: 2 * 1024 * MiB })], [1009]],
    'a frame that claims 2^53': [[frame({ payload: text(100), length: 2 ** 53 })], [1009, 1002]],
    'a message of 64 KiB and one byte': [[frame({ payload: text(65537) })], [1009]],
    'two halves that are too much together': [[frame({ payload: half, final: false }), frame({ payload: half, opcode: Opcode.Continuation })], [1009]],
    'a million fragments of one byte': [Array(1_000_000).fill(frame({ payload: text(1), final: false, opcode: Opcode.Continuation })), [1009, 1002]],
    'a binary message': [[frame({ payload: text(1), opcode: Opcode.Binary })], [1003]],
    'a reserved bit': [[frame({ payload: text(1), reserved: 0x40 })], [1002]],
    'an opcode that is none': [[frame({ payload: text(1), opcode: 3 })], [1002]],
    'a ping of 126 bytes': [[frame({ payload: text(126), opcode: Opcode.Ping })], [1002]],
    'a ping in pieces': [[frame({ opcode: Opcode.Ping, final: false })], [1002]],
    'text that is none': [[frame({ payload: Buffer.from([0xff, 0xfe]) })], [1007]],
  };
  for (const [name, [frames, codes]] of Object.entries(wrong))
    await rows.run(`20 sockets: ${name}`, () =>
      endures(scene, { grows: 24 * MiB }, async () => {
        const bytes = Buffer.concat(frames);
        const raws = await openMany(20, () => RawSocket.upgrade(port, '/flash-progress', token));
        raws.forEach((raw) => raw.write(bytes));
        await Promise.all(raws.map((raw) => raw.closed));
        // A reset may overtake the close frame of who is still sending.
        for (const { closeCode } of raws) assert.ok([...codes, 1006].includes(closeCode), `${closeCode}`);
        if (frames.length === 1) assert.ok(raws.some(({ closeCode }) => codes.includes(closeCode)));
      }),
    );
  await rows.run('200 messages that never end', () =>
    endures(scene, { grows: 200 * 200 * 1024 }, async () => {
      const raws = await openMany(200, () => RawSocket.upgrade(port, '/flash-progress', token));
      const pieces = Buffer.concat([frame({ payload: text(1024), final: false }), ...Array(60).fill(frame({ payload: text(1024), final: false, opcode: Opcode.Continuation }))]);
      await Promise.all(raws.map((raw) => raw.write(pieces)));
      raws.forEach((raw) => raw.destroy());
    }),
  );
}

/** Sends `block` over and over without reading anything, until it is thrown out or `times` are sent. */
async function talkOn(scene, route, block, times) {
  const raw = await RawSocket.upgrade(scene.port, route, scene.token);
  raw.stopReading();
  for (let i = 0; i < times; i++) {
    const isTaken = await Promise.race([raw.write(block), pause(3_000).then(() => null)]);
    if (!isTaken) break; // thrown out, or not read any more: both are bounds
  }
  return raw;
}

async function enduresTalkers(scene, rows) {
  const ping = frame({ opcode: Opcode.Ping, payload: text(125) });
  const said = frame({ payload: Buffer.from(JSON.stringify({ type: 'ping', timestamp: 1 })) });
  const talks = { 'pings of the protocol': ping, 'pings of the dialect': said };
  for (const [name, one] of Object.entries(talks))
    await rows.run(`10 × 32 MiB of ${name} whose answers nobody reads`, () =>
      endures(scene, { grows: 10 * 12 * MiB }, async () => {
        const block = Buffer.concat(Array(Math.ceil(MiB / one.length)).fill(one));
        const raws = await openMany(10, () => talkOn(scene, '/flash-progress', block, 32));
        raws.forEach((raw) => raw.destroy());
      }),
    );
}

async function closesSlowReaders(scene, rows) {
  await rows.run('20 sockets that read nothing of 20 MiB of changes are closed for it', () =>
    endures(scene, { grows: 20 * 3 * MiB }, async () => {
      const raws = await openMany(20, () => subscribed(scene));
      const { job } = await asked(scene.daemon, 'POST', '/api/v1/jobs', { url: 'http://127.0.0.1:9/x.bin', paused: true });
      for (let i = 0; i < 500; i++) await moveElsewhere(scene, job, i);
      await until('all are closed as too slow', async () => (await slowClosed(scene)) >= raws.length, 15);
      raws.forEach((raw) => raw.socket.resume());
      await Promise.all(raws.map((raw) => raw.closed));
    }),
  );
}

/** A native socket that is told of all jobs and reads nothing of it. */
async function subscribed({ port, token }) {
  const raw = await RawSocket.upgrade(port, '/api/v1/ws', token);
  raw.stopReading();
  const call = (id, method, params) => frame({ payload: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params })) });
  await raw.write(call(1, 'session.hello', { client: { name: 'e2e', version: '1', kind: 'test' }, features: [] }));
  await raw.write(call(2, 'topic.subscribe', { topic: 'jobs' }));
  return raw;
}

/** One event of 40 KiB. */
async function moveElsewhere({ daemon }, job, i) {
  await asked(daemon, 'POST', `/api/v1/jobs/${job.id}/refreshUrl`, { url: `http://127.0.0.1:9/x.bin?${i}${'y'.repeat(40_000)}` });
}

async function slowClosed({ daemon, port }) {
  const { text: metrics } = await request({ port, path: '/metrics', headers: bearer(daemon) });
  return Number(/^dray_slow_closed_total (\d+)$/m.exec(metrics)[1]);
}

/** Clients as a scanner, a crash or a mistake makes them. */
const junk = [
  (raw) => raw.destroy(),
  (raw) => raw.reset(),
  (raw) => raw.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])).then(() => raw.reset()),
  (raw) => raw.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').then(() => raw.destroy()),
  (raw) => raw.write('GET / HTTP/1.1\r\nHost: 127.0.').then(() => raw.destroy()),
  (raw) => raw.write(Buffer.alloc(40_000, 0xff)).then(() => raw.destroy()),
  (raw) => raw.write('GET / HTTP/1.1\r\nHost: rebind.test\r\n\r\n').then(() => raw.destroy()),
  (raw, scene) => raw.write(withToken(scene, 'GET /api/v1/openapi.json').repeat(3)).then(() => raw.reset()),
  (raw, scene) => raw.write(withToken(scene, 'GET /api/v1/events')).then(() => raw.destroy()),
  (raw, scene) => raw.write(withToken(scene, 'GET /ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n')).then(() => raw.reset()),
];

/** `total` connections of junk, `atOnce` at a time. */
async function scatter(scene, total, atOnce) {
  for (let begun = 0; begun < total; begun += atOnce)
    await openMany(atOnce, async (i) => {
      const raw = await RawSocket.open(scene.port);
      await junk[i % junk.length](raw, scene);
      await raw.closed;
    });
}

async function enduresCrowds(scene, rows) {
  await rows.run('10,000 junk connections leave nothing behind', async () => {
    const open = descriptors(scene);
    await scatter(scene, 5_000, 200); // what is made once is made by then
    await until('they are gone', () => descriptors(scene) <= open, 10);
    const settled = memory(scene, 'VmRSS');
    await endures(scene, { grows: 24 * MiB }, () => scatter(scene, 10_000, 200));
    const left = memory(scene, 'VmRSS') - settled;
    assert.ok(left < 8 * MiB, `${left} bytes are left of them`);
  }, { seconds: 180 });
  await rows.run('of 1,000 that stay, as many as are allowed are kept and the next are told', () =>
    endures(scene, { grows: 32 * MiB }, async () => {
      const open = descriptors(scene);
      const raws = await openMany(1_000, () => RawSocket.open(scene.port));
      await until('the rest is dropped', () => raws.filter((raw) => raw.isClosed).length >= 1_000 - maxConnections - turnedAway);
      assert.ok(descriptors(scene) - open <= maxConnections + turnedAway);
      const late = raws.filter((raw) => !raw.isClosed);
      await Promise.all(late.map((raw) => raw.write(withToken(scene, 'GET /healthz'))));
      await until('all are answered', () => late.every((raw) => raw.isClosed || /^HTTP\/1.1 (200|503)/.test(raw.text)));
      assert.ok(late.some((raw) => raw.text.startsWith('HTTP/1.1 200')));
      raws.forEach((raw) => raw.destroy());
    }),
  );
}

await runRows('abuse', main, 'clients that misbehave');
