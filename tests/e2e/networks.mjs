// What networks do to a download: TLS connections that end without a word, names that cannot be found
// for a while, addresses behind which nobody answers, redirects that leave TLS, servers that dribble.
//
//     node networks.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when every case is
// as it must be. It runs in a network of its own; where nobody may have one it is skipped.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { OwnNetwork, runInside, silentAddress, silentIPv4Address } from './support/ownnetwork.mjs';
import { RawServer } from './support/rawserver.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

const content = randomBytes(300_000);
const cutAt = 200_000;
const sha256 = createHash('sha256').update(content).digest('hex');
/** Within which a download goes on although one of its addresses is silent. */
const silenceSeconds = 5;

/** Adds a download and waits for its end: `{code, text, names, seconds}`. */
async function download({ daemon }, url, name, ...options) {
  const begin = Date.now();
  const { code, lines } = await daemon.ctl('add', url, '--name', name, '--wait', ...options);
  return { code, text: lines.join('\n'), seconds: (Date.now() - begin) / 1000, names: daemon.namesIn(daemon.downloads).filter((one) => one.startsWith(name)) };
}

function assertWhole({ daemon }, { code, text, names }, name) {
  assert.equal(code, 0, text);
  assert.deepEqual(names.filter((one) => !one.endsWith('.journal')), [name]); // that goes a moment later
  assert.ok(readFileSync(path.join(daemon.downloads, name)).equals(content), 'the bytes are the right ones');
}

function assertNotComplete({ code, text, names }, name, says) {
  assert.equal(code, 1, text);
  assert.match(text, says);
  assert.ok(!names.includes(name), `no ${name} in ${names}`);
}

/** `bytes` from where a Range begins, with its length. */
async function sendRange(request, answer, cut) {
  const begin = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const range = { 'Content-Range': `bytes ${begin}-${content.length - 1}/${content.length}` };
  await answer.head(begin > 0 ? 206 : 200, { 'Content-Length': content.length - begin, ETag: '"one"', 'Accept-Ranges': 'bytes', ...(begin > 0 ? range : {}) });
  await answer.send(content.subarray(begin, cut));
}

// ---- the end of a TLS connection

/** The paths say what is sent: a kind of length, and whether it is cut: never, at first, or always, without ranges earlier each time. */
async function answerTls(request, answer) {
  const [, kind, cuts, end] = request.path.split('/');
  const isCut = cuts === 'always' || (cuts === 'first' && request.turn === 0);
  const bytes = isCut ? content.subarray(0, cutAt - 1000 * request.turn) : content;
  if (kind === 'length') await sendRange(request, answer, isCut ? cutAt : undefined);
  else if (kind === 'chunked') await sendChunks(answer, bytes, isCut, end);
  else await answer.head(200, { Connection: 'close' }).then(() => answer.send(bytes));
  if (kind === 'chunked' && !isCut && end === 'kept') return;
  end === 'notified' ? answer.close() : answer.closeUnnotified();
}

async function sendChunks(answer, bytes, isCut, end) {
  await answer.head(200, { 'Transfer-Encoding': 'chunked', ...(end === 'kept' ? {} : { Connection: 'close' }) });
  for (let begin = 0; begin < bytes.length; begin += 50_000) await answer.chunk(bytes.subarray(begin, begin + 50_000));
  if (!isCut) await answer.send('0\r\n\r\n');
}

async function knowsWhatTlsProves(scene, rows) {
  const { run, network } = scene;
  const server = await RawServer.start(run, { answer: answerTls, tls: network.tls.issue('secure.test') });
  network.setNames({ 'secure.test': ['127.0.0.1'] });
  const get = (way, name, ...options) => download(scene, server.url('secure.test', way), name, ...options);
  const ways = ['/length/first/unnotified', '/length/first/notified', '/chunked/first/kept', '/chunked/first/unnotified', '/chunked/first/notified', '/bare/first/unnotified', '/bare/never/unnotified', '/bare/never/notified', '/chunked/never/kept', '/chunked/never/notified'];
  for (const [index, way] of ways.entries())
    await rows.run(`TLS ${way}: whole in the end`, async () => {
      const name = `whole${index}.bin`;
      assertWhole(scene, await get(way, name), name);
    });
  for (const [index, way] of ['/length/always/unnotified', '/length/always/notified', '/chunked/always/kept', '/chunked/always/unnotified', '/chunked/always/notified', '/bare/always/unnotified', '/bare/always/notified'].entries())
    await rows.run(`TLS ${way}: never complete`, async () => {
      const name = `cut${index}.bin`;
      assertNotComplete(await get(way, name), name, /Network error/);
    });
  await rows.run('TLS without a length: a checksum is proof enough', async () => {
    const way = '/bare/never/checked';
    assertWhole(scene, await get(way, 'checked.bin', '--sha256', sha256), 'checked.bin');
    assert.equal(server.count(way), 1);
  });
}

// ---- addresses that do not answer

async function goesAroundSilence(scene, rows) {
  const { run, network } = scene;
  const answer = (request, to) => sendRange(request, to);
  const plain = await RawServer.start(run, { answer });
  const six = await RawServer.start(run, { answer, host: '::1' });
  const secure = await RawServer.start(run, { answer, tls: network.tls.issue('split.test') });
  network.setNames({ 'split.test': [silentAddress, '127.0.0.1'], 'four.test': [silentIPv4Address, '::1'] });
  const cases = { 'IPv6 is silent': [plain, 'split.test'], 'IPv6 is silent, over TLS': [secure, 'split.test'], 'IPv4 is silent': [six, 'four.test'] };
  for (const [index, [title, [server, host]]] of Object.entries(cases).entries())
    await rows.run(`${title}: the other goes on within ${silenceSeconds} s`, async () => {
      const name = `silent${index}.bin`;
      const result = await download(scene, server.url(host, '/f'), name);
      assertWhole(scene, result, name);
      assert.ok(result.seconds < silenceSeconds, `${result.seconds} s`);
    });
}

// ---- names that cannot be found

/** Six tries are more than any other failure gets. */
const waitsForTheName = ({ daemon }) => until('looked up often', () => daemon.errorLines.some((line) => line.includes('try 6 of')));

async function survivesNames(scene, rows) {
  const { run, network, daemon } = scene;
  const server = await RawServer.start(run, { answer: answerElsewhere });
  await rows.run('the host of a redirect is not found in the middle, and then it is', async () => {
    network.setNames({ 'front.test': ['127.0.0.1'], 'node0.test': ['127.0.0.1'] });
    const ends = download(scene, server.url('front.test', '/front'), 'elsewhere.bin');
    await waitsForTheName(scene);
    network.setNames({ 'front.test': ['127.0.0.1'], 'node1.test': ['127.0.0.1'] });
    assertWhole(scene, await ends, 'elsewhere.bin');
  });
  await rows.run('a name is not found after a restart in the middle, and then it is', async () => {
    network.setNames({ 'name.test': ['127.0.0.1'] });
    const { job } = await asked(daemon, 'POST', '/api/v1/jobs', { kind: 'download', url: server.url('name.test', '/slow'), name: 'restart.bin' });
    await until('half is here', async () => (await asked(daemon, 'GET', `/api/v1/jobs/${job.id}`)).job.done > 0);
    network.setNames({});
    await daemon.stop();
    await daemon.start();
    await waitsForTheName(scene);
    const { job: waiting } = await asked(daemon, 'GET', `/api/v1/jobs/${job.id}`);
    assert.equal(waiting.stage, 'waitingForRetry');
    assert.match(waiting.message, /name\.test/);
    network.setNames({ 'name.test': ['127.0.0.1'] });
    await until('it is done', async () => (await asked(daemon, 'GET', `/api/v1/jobs/${job.id}`)).job.state === 'succeeded', 40);
    assert.ok(readFileSync(path.join(daemon.downloads, 'restart.bin')).equals(content));
  });
}

/** /front leads to one host at first and to another later; the first breaks off. /slow stays in the middle the first time. */
async function answerElsewhere(request, answer) {
  if (request.path === '/front') {
    const port = request.headers.host.split(':')[1];
    const node = `node${Math.min(request.turn, 1)}`;
    return answer.head(302, { Location: `http://${node}.test:${port}/${node}`, 'Content-Length': 0 });
  }
  const isFirst = request.path === '/node0' || (request.path === '/slow' && request.turn === 0);
  await sendRange(request, answer, isFirst ? cutAt : undefined);
  if (request.path === '/node0') answer.close();
}

// ---- who is told what, and how slowly

async function keepsCredentials(scene, rows) {
  const { run, network } = scene;
  const plain = await RawServer.start(run, { answer: (request, answer) => sendRange(request, answer) });
  const leadOut = (request, answer) => answer.head(302, { Location: plain.url('plain.test', request.path), 'Content-Length': 0 });
  const secure = await RawServer.start(run, { answer: leadOut, tls: network.tls.issue('secure.test') });
  network.setNames({ 'secure.test': ['127.0.0.1'], 'plain.test': ['127.0.0.1'] });
  await rows.run('https leads to http: goes on when there is no secret', async () => {
    assertWhole(scene, await download(scene, secure.url('secure.test', '/open'), 'open.bin'), 'open.bin');
  });
  for (const [index, options] of [['--user', 'ann:secret'], ['--header', 'Authorization: Bearer secret']].entries())
    await rows.run(`https leads to http: refused with ${options[0]}`, async () => {
      const name = `secret${index}.bin`;
      assertNotComplete(await download(scene, secure.url('secure.test', `/${name}`), name, ...options), name, /https to http/);
      assert.equal(plain.count(`/${name}`), 0);
    });
}

async function isPatient(scene, rows) {
  const { run, network, daemon } = scene;
  network.setNames({});
  const server = await RawServer.start(run, { answer: answerSlowly });
  await rows.run('one byte a second', async () => {
    const { code, text } = await download(scene, server.url('127.0.0.1', '/dribble'), 'dribble.bin');
    assert.equal(code, 0, text);
    assert.ok(readFileSync(path.join(daemon.downloads, 'dribble.bin')).equals(content.subarray(0, 5)));
  });
  await rows.run('a cookie that expires in the middle is not sent any more', async () => {
    const cookies = run.path('cookies.txt');
    const seconds = Math.ceil(Date.now() / 1000) + 2;
    writeFileSync(cookies, `127.0.0.1\tFALSE\t/\tFALSE\t${seconds}\tsid\t1\n`);
    assertWhole(scene, await download(scene, server.url('127.0.0.1', '/cookie'), 'cookie.bin', '--cookies', cookies), 'cookie.bin');
    const sent = server.asked.filter((request) => request.path === '/cookie').map((request) => request.headers.cookie);
    assert.equal(sent[0], 'sid=1');
    assert.equal(sent.at(-1), undefined);
  });
}

async function answerSlowly(request, answer) {
  if (request.path === '/dribble') {
    await answer.head(200, { 'Content-Length': 5 });
    return answer.trickle(content.subarray(0, 5), 1000);
  }
  await sendRange(request, answer, request.turn === 0 ? cutAt : undefined);
  if (request.turn > 0) return;
  await pause(3500);
  answer.close();
}

async function main(run, rows) {
  const network = OwnNetwork.create(run);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const scene = { run, network, daemon };
  await knowsWhatTlsProves(scene, rows);
  await goesAroundSilence(scene, rows);
  await survivesNames(scene, rows);
  await keepsCredentials(scene, rows);
  await isPatient(scene, rows);
}

await runInside(() => runRows('networks', main, 'networks'));
