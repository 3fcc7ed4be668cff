// Bad input: everything that can be asked wrongly, and every way in which the world refuses. Each case
// must end at once, with a sentence that names what is at fault, the same one in the terminal and on
// the wire, with the right exit code, and leave nothing half-done.
//
//     node badinput.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when every case
// is as it must be. A case that needs a mount is skipped, with the reason, where nobody may have one.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bearer, openSocket, refusalOf, rest } from './support/asking.mjs';
import { failures, misuses, noJob, refusals, visits } from './support/badinputrows.mjs';
import { Daemon, whyNoMounts } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { request, upgradeHeaders } from './support/request.mjs';
import { Skipped, runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';
import { assertParseError, assertPositionInside, assertProblem, assertSentence } from './support/wording.mjs';

const MiB = 1024 * 1024;
const fileSize = 8 * MiB;
const smallDisk = '2M';

const Exit = { Done: 0, Failed: 1, Usage: 2, NoHub: 3, Refused: 4, Partly: 5 };

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run, rows) {
  const scene = await prepare(run);
  await refusesAtOnce(scene, rows);
  await failsWithReason(scene, rows);
  await keepsTheDoor(scene, rows);
  await answersCommands(scene, rows);
  await startsOrSaysWhyNot(scene, rows);
}

async function prepare(run) {
  const unlistened = await freePort();
  const server = await FileServer.start(run, { name: 'image.bin', size: fileSize, bytesPerSecond: 0, locations: oddLocations(run) });
  const full = run.path('full');
  const readOnly = run.path('readonly');
  for (const folder of [full, readOnly]) mkdirSync(folder);
  const plain = run.path('plain');
  writeFileSync(plain, '');
  const noMounts = await whyNoMounts(run);
  const mounts = [
    { folder: full, type: 'tmpfs', options: `size=${smallDisk}` },
    { folder: readOnly, type: 'tmpfs', options: 'ro' },
  ];
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), mounts: noMounts === '' ? mounts : [] });
  await daemon.start();
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  run.onEnd(async () => client.cut());
  return { run, server, daemon, client, unlistened, full, readOnly, plain, noMounts };
}

/** What a good server would not do. Behind /unsized stands the file without its length. */
function oddLocations(run) {
  writeFileSync(run.path('members'), '');
  return `
    location = /forbidden.bin { return 401; }
    location = /members.bin { auth_basic "members"; auth_basic_user_file members; }
    location = /circle.bin { return 302 /circle.bin; }
    location = /unsized.bin { ssi on; ssi_types *; alias www/image.bin; }`;
}

// --- What is refused before there is a job

async function refusesAtOnce(scene, rows) {
  for (const row of refusals) await rows.run(`refused: ${row.name}`, () => isRefused(scene, row));
}

async function isRefused({ daemon }, { spec, type, says }) {
  const before = await jobCount(daemon);
  const { url, ...options } = spec;
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { code, lines, errorLines } = await daemon.ctl('add', url, ...flags, '--wait');
  assert.equal(code, Exit.Usage, lines.join('\n'));
  assert.equal(lines.length, 1, `one line: ${lines.join('\n')}`);
  const [message] = errorLines;
  assertSentence(message, says);

  const refusal = await refusalOf(daemon, 'job.add', spec);
  assert.deepEqual({ code: refusal.code, type: refusal.data.type }, { code: -32602, type });
  assert.equal(refusal.message, message, 'the socket and the terminal say the same');
  assertProblem(await rest(daemon, 'POST', '/api/v1/jobs', spec), { status: 400, type, says });
  assert.equal(await jobCount(daemon), before, 'no job was made');
  assert.deepEqual(daemon.namesIn(daemon.downloads), []);
}

async function jobCount(daemon) {
  return (await rest(daemon, 'GET', '/api/v1/jobs')).json.jobs.length;
}

// --- What becomes a job and fails

async function failsWithReason(scene, rows) {
  for (const row of failures(scene)) await rows.run(`failed: ${row.name}`, () => fails(scene, row));
  await rows.run('failed: the file with the wrong checksum is whole', () => asideIsWhole(scene));
  await rows.run('failed: one of two', () => failsPartly(scene));
}

async function fails({ daemon, client }, { name, url, args = [], to, had, noMounts, ...expected }) {
  if (noMounts) throw new Skipped(`a mount of our own is not to be had (${noMounts})`);
  const folder = to ?? folderFor(daemon, name);
  if (had) leaveFile(folder, had);
  const { code, lines } = await daemon.ctl('add', url, '--to', folder, ...args, '--wait');
  assert.equal(code, Exit.Failed, lines.join('\n'));
  const { id, message } = lines.map((line) => /^job (?<id>\d+): failed: (?<message>.*)$/.exec(line)?.groups).find(Boolean) ?? {};
  assert.ok(id, `drayctl says how the job ended: ${lines.join('\n')}`);
  assertSentence(message, expected.says);

  const { state, error } = (await rest(daemon, 'GET', `/api/v1/jobs/${id}`)).json.job;
  assert.deepEqual({ state, code: error.code }, { state: 'failed', code: expected.type });
  assert.equal(error.message, message, 'REST and the terminal say the same');
  await until('the socket says that it failed', () => client.jobs.get(id)?.state === 'failed', 5);
  assert.deepEqual(client.jobs.get(id).error, error, 'REST and the socket say the same');
  await leavesNothingHalfDone({ daemon, id, folder, had }, expected);
}

async function leavesNothingHalfDone({ daemon, id, folder, had }, { leaves = [], keeps = leaves }) {
  const left = daemon.namesIn(folder);
  const { code, lines } = await daemon.ctl('remove', id);
  assert.equal(code, Exit.Done, lines.join('\n'));
  const kept = daemon.namesIn(folder);
  assert.deepEqual({ left, kept }, { left: leaves, kept: keeps }, 'left by the failure, and kept after the job was removed');
  if (had) assert.equal(readFileSync(path.join(folder, had), 'utf8'), had, 'the file that was there is untouched');
}

function folderFor(daemon, name) {
  return path.join(daemon.downloads, name.replaceAll(/\W+/g, '-'));
}

function leaveFile(folder, name) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), name);
}

async function asideIsWhole({ daemon, server }) {
  const aside = readFileSync(path.join(folderFor(daemon, 'a wrong checksum'), 'image.bin.bad'));
  assert.equal(createHash('sha256').update(aside).digest('hex'), server.sha256);
}

async function failsPartly({ daemon, server }) {
  const folder = folderFor(daemon, 'one of two');
  const missing = `http://127.0.0.1:${server.port}/nosuch.bin`;
  const { code, lines } = await daemon.ctl('add', server.url, missing, '--to', folder, '--wait');
  assert.equal(code, Exit.Partly, lines.join('\n'));
  await until('its journal goes when the end is stored', () => daemon.namesIn(folder).join() === 'image.bin');
}

// --- Who is let in, and what is said to nonsense

async function keepsTheDoor(scene, rows) {
  for (const row of visits) await rows.run(`turned away: ${row.name}`, () => isTurnedAway(scene, row));
  await rows.run('turned away: a socket with a wrong token', () => closesOnWrongToken(scene));
  await rows.run('turned away: drayctl with a wrong token', () => tellsOfWrongToken(scene));
  await rows.run('turned away: drayctl with a token that may only read', () => tellsOfMissingScope(scene));
  await rows.run('turned away: malformed JSON on the socket, which stays open', () => socketSurvivesNonsense(scene));
  await rows.run('turned away: malformed JSON to /api/v1/rpc', () => rpcSurvivesNonsense(scene));
}

async function isTurnedAway({ daemon }, { path: address = '/api/v1/jobs', token, host = '127.0.0.1', socket, headers, body, ...expected }) {
  const before = await jobCount(daemon);
  const own = { Host: `${host}:${daemon.port}`, ...bearer(daemon, token), ...(socket ? upgradeHeaders : {}) };
  const answer = await request({
    port: daemon.port,
    method: body === undefined ? 'GET' : 'POST',
    path: socket ? '/api/v1/ws' : address,
    headers: { ...own, ...headers },
    body,
  });
  assertProblem(answer, expected);
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
  assert.equal(await jobCount(daemon), before, 'no job was made');
  if (body) assertPositionInside(answer.json.detail, body);
}

async function closesOnWrongToken({ daemon }) {
  const { socket, messages } = await openSocket(daemon, 'wrong');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.send('{"jsonrpc":"2.0","id":1,"method":"job.list","params":{}}');
  assert.equal(await closed, 1008);
  const { error } = messages.find(({ id }) => id === 1);
  assert.deepEqual({ code: error.code, type: error.data.type }, { code: -32001, type: 'unauthorized' });
  assertSentence(error.message, ['token']);
  const { params } = messages.find(({ method }) => method === 'session.bye');
  assert.deepEqual({ code: params.code, reconnect: params.reconnect }, { code: 1008, reconnect: false });
}

async function tellsOfWrongToken({ daemon }) {
  const { code, errorLines } = await daemon.ctlAs('wrong', 'list');
  assert.equal(code, Exit.Refused, errorLines.join('\n'));
  assert.equal(errorLines.length, 1, errorLines.join('\n'));
  assertSentence(errorLines[0], ['token']);
  // It gave one: that it must give one is no help.
  assert.match(errorLines[0], /not valid|not accepted|wrong|unknown/);
}

async function tellsOfMissingScope({ daemon }) {
  const before = await jobCount(daemon);
  const reader = await tokenFor(daemon, 'reader', '--scope', 'read');
  const { code, errorLines } = await daemon.ctlAs(reader, 'add', 'http://example.org/x');
  assert.equal(code, Exit.Refused, errorLines.join('\n'));
  assertSentence(errorLines[0], ['job.add', '"add"']);
  assert.equal(await jobCount(daemon), before, 'no job was made');
}

async function socketSurvivesNonsense({ daemon }) {
  const { socket, messages } = await openSocket(daemon, daemon.endpoint().token);
  const nonsense = '{"jsonrpc":"2.0", nonsense}';
  socket.send(nonsense);
  await until('nonsense is answered', () => messages.length > 0, 5);
  assertParseError(messages[0], nonsense);
  socket.send('{"jsonrpc":"2.0","id":2,"method":"job.list","params":{}}');
  await until('a call behind it is answered', () => messages.some(({ id }) => id === 2), 5);
  assert.ok(Array.isArray(messages.find(({ id }) => id === 2).result.jobs));
  socket.cut();
}

async function rpcSurvivesNonsense({ daemon }) {
  const nonsense = '{"jsonrpc":';
  const answer = await rest(daemon, 'POST', '/api/v1/rpc', nonsense);
  assertParseError(answer.json, nonsense);
}

// --- Commands to jobs

async function answersCommands(scene, rows) {
  const ended = await add(scene, '--wait');
  const paused = await add(scene, '--paused');
  const unknown = { id: noJob, status: 404, type: 'notFound', number: -32003, says: [noJob] };
  const inState = { status: 409, type: 'invalidState', number: -32004 };
  for (const verb of ['pause', 'resume', 'cancel', 'retry'])
    await rows.run(`command: ${verb} of an unknown job`, () => isNotObeyed(scene, verb, unknown));
  for (const verb of ['pause', 'resume', 'cancel'])
    await rows.run(`command: ${verb} of a job that succeeded`, () => isNotObeyed(scene, verb, { ...inState, id: ended, says: [ended, 'succeeded'] }));
  await rows.run('command: retry of a paused job', () => isNotObeyed(scene, 'retry', { ...inState, id: paused, says: [paused, 'paused'] }));
  await rows.run('command: remove of a paused job', () => drayctlSays(scene, ['remove', paused], Exit.Failed, [paused, 'cancel it']));
  for (const args of [['show', noJob], ['remove', noJob], ['watch', noJob]])
    await rows.run(`command: ${args[0]} of an unknown job`, () => drayctlSays(scene, args, Exit.Failed, [noJob]));
  for (const { args, says } of misuses)
    await rows.run(`command: drayctl ${args.join(' ')}`, () => drayctlSays(scene, args, Exit.Usage, says));
  await rows.run('counterpart: a paused job is canceled', async () => {
    const { code, lines } = await scene.daemon.ctl('cancel', paused);
    assert.deepEqual([code, ...lines], [Exit.Done, `job ${paused}: canceled`]);
  });
  await rows.run('command: a fenced token does not see the jobs of others', () => fencedSeesNothing(scene, ended));
}

async function add({ daemon, server }, flag) {
  const { code, lines } = await daemon.ctl('--json', 'add', server.url, '--to', folderFor(daemon, 'commanded'), flag);
  assert.equal(code, Exit.Done, lines.join('\n'));
  return JSON.parse(lines[0]).id;
}

async function isNotObeyed(scene, verb, { id, status, type, number, says }) {
  const { daemon } = scene;
  const refusal = await refusalOf(daemon, `job.${verb}`, { job: id });
  assert.deepEqual({ code: refusal.code, type: refusal.data.type }, { code: number, type });
  assertProblem(await rest(daemon, 'POST', `/api/v1/jobs/${id}/${verb}`, {}), { status, type, says });
  const message = await drayctlSays(scene, [verb, id], Exit.Failed, says);
  assert.equal(refusal.message, message, 'the socket and the terminal say the same');
}

/** drayctl prints one sentence to stderr, nothing else, and ends with that code. Returns the sentence. */
async function drayctlSays({ daemon }, args, exitCode, says) {
  const { code, lines, errorLines } = await daemon.ctl(...args);
  assert.equal(code, exitCode, lines.join('\n'));
  assert.deepEqual(lines, errorLines, 'nothing on stdout');
  assert.equal(errorLines.length, 1, `one line: ${errorLines.join('\n')}`);
  assertSentence(errorLines[0], says);
  return errorLines[0];
}

async function fencedSeesNothing({ daemon, client, server }, id) {
  const token = await tokenFor(daemon, 'fenced', '--owner', 'bob');
  const bob = new NativeClient();
  await bob.connect({ ...daemon.endpoint(), token });
  assert.deepEqual([...bob.jobs.keys()], [], 'no snapshot of others');
  for (const [method, params] of [['job.get', { job: id }], ['job.remove', { job: id }], ['topic.subscribe', { topic: `job:${id}` }]])
    assert.equal((await refusalOf(daemon, method, params, token)).code, -32003, method);
  assert.deepEqual((await rest(daemon, 'GET', '/api/v1/jobs', undefined, token)).json.jobs, []);
  assertProblem(await rest(daemon, 'GET', `/api/v1/jobs/${id}`, undefined, token), { status: 404, type: 'notFound', says: [id] });
  assertProblem(await rest(daemon, 'GET', `/api/v1/jobs/${id}/file`, undefined, token), { status: 404, type: 'notFound', says: [id] });
  const shown = await daemon.ctlAs(token, 'show', id);
  assert.equal(shown.code, Exit.Failed, shown.lines.join('\n'));
  assertSentence(shown.errorLines[0], [id]);

  const add = (who) => who.call('job.add', { url: server.url, paused: true });
  const locals = (await add(client)).job;
  const bobs = (await add(bob)).job;
  await until('bob sees his own job', () => bob.jobs.has(bobs.id), 5);
  assert.deepEqual([...bob.jobs.keys()], [bobs.id], 'no event of others');
  await until('who has admin sees both', () => client.jobs.has(bobs.id) && client.jobs.has(locals.id), 5);
  bob.cut();
}

// --- Starting the hub itself

async function startsOrSaysWhyNot({ run, daemon, server, plain }, rows) {
  const other = async (name, port) => new Daemon(run, { programs, name, port: port ?? (await freePort()) });
  await rows.run('start: the port is taken', async () =>
    doesNotStart(await other('port', daemon.port), [], { code: Exit.Failed, says: [`127.0.0.1:${daemon.port}`, 'port'] }));
  await rows.run('start: another drayd has the data folder', () => secondGivesWay(daemon));
  await rows.run('start: the download folder cannot be made', async () => {
    const folder = path.join(plain, 'downloads');
    await doesNotStart(await other('folder'), ['--download-dir', folder], { code: Exit.Failed, says: [folder] });
  });
  await rows.run('start: the address makes no sense', async () =>
    doesNotStart(await other('address'), ['--listen', 'somewhere'], { code: Exit.Usage, says: ['--listen', '"somewhere"'] }));
  await rows.run('start: the database is damaged', async () => beginsAnew(await other('damaged'), server));
  await rows.run('start: drayctl without a hub', async () => {
    const absent = await other('absent');
    await drayctlSays({ daemon: absent }, ['list'], Exit.NoHub, [absent.data, 'drayd']);
  });
}

async function doesNotStart(daemon, args, { code: expected, says }) {
  const { code, lines, errorLines } = await daemon.runToItsEnd(...args);
  assert.equal(code, expected, lines.join('\n'));
  assert.deepEqual(lines, errorLines, 'nothing on stdout');
  assertSentence(sentenceOf(errorLines), says);
  assert.ok(!readdirSync(daemon.data).includes('endpoint.json'), 'nobody is led to a hub that is not there');
}

async function secondGivesWay(daemon) {
  const before = daemon.endpoint();
  const { code, lines, errorLines } = await daemon.runToItsEnd('--listen', `127.0.0.1:${await freePort()}`);
  assert.equal(code, Exit.NoHub, lines.join('\n'));
  assertSentence(sentenceOf(errorLines), [daemon.data]);
  assert.ok(daemon.isRunning);
  assert.deepEqual(daemon.endpoint(), before, 'the first is found as before');
  assert.equal((await daemon.ctl('status')).code, Exit.Done);
}

async function beginsAnew(daemon, server) {
  const database = path.join(daemon.data, 'dray.db');
  const garbage = randomBytes(16 * 1024);
  await daemon.start();
  assert.equal((await daemon.ctl('add', server.url, '--paused')).code, Exit.Done);
  await daemon.stop();
  writeFileSync(database, garbage);
  await daemon.start();
  await until('drayd says so', () => sentenceOf(daemon.errorLines), 5);

  const sentence = sentenceOf(daemon.errorLines);
  assertSentence(sentence, ['damaged', `${database}.damaged-`]);
  const kept = readdirSync(daemon.data).filter((name) => name.startsWith('dray.db.damaged-'));
  assert.equal(kept.length, 1, 'one file is kept aside');
  assert.ok(sentence.includes(path.join(daemon.data, kept[0])), sentence);
  assert.deepEqual(readFileSync(path.join(daemon.data, kept[0])), garbage);
  await toldOnTheWire(daemon, sentence);
  assert.deepEqual(JSON.parse((await daemon.ctl('--json', 'list')).lines[0]), [], 'a list that is empty');
  const { code, lines } = await daemon.ctl('add', server.url, '--wait');
  assert.equal(code, Exit.Done, lines.join('\n'));
  await daemon.stop();
}

/** Who comes later reads the notice too, from the beginning of the epoch. */
async function toldOnTheWire(daemon, sentence) {
  const epoch = JSON.parse((await daemon.ctl('--json', 'status')).lines[0]).epoch;
  const { status, json } = await rest(daemon, 'GET', `/api/v1/events?topics=system&since=${epoch}:0&wait=1`);
  assert.equal(status, 200, JSON.stringify(json));
  assert.ok(JSON.stringify(json).includes(JSON.stringify(sentence).slice(1, -1)), `a notice says it: ${JSON.stringify(json)}`);
}

/** What drayd says itself, among the lines of its log. */
function sentenceOf(errorLines) {
  return errorLines.find((line) => line.startsWith('drayd: '))?.slice('drayd: '.length);
}

// --- What everyone needs

async function tokenFor(daemon, name, ...options) {
  const { code, lines } = await daemon.ctl('token', 'add', name, ...options);
  assert.equal(code, Exit.Done, lines.join('\n'));
  return lines[0];
}

await runRows('badinput', main, 'bad input');
