// Who gets in: programs that pair, and JWTs of both algorithms, made by another library than Dray's own;
// and what ends them.
//
//     node logins.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code
// 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { request } from './support/request.mjs';
import { runRows } from './support/rows.mjs';
import { Schemas } from './support/schemas.mjs';
import { freePort, until } from './support/testrun.mjs';
import { WebSocket } from './support/websocket.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));
const schemas = new Schemas();
const encoded = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A JWT (RFC 7519) signed with `key`: a secret for HS256, a private key for EdDSA. */
function jwt(alg, key, claims) {
  const text = `${encoded({ alg, typ: 'JWT' })}.${encoded({ aud: 'dray', exp: nowSeconds() + 600, scope: 'read control add', ...claims })}`;
  const signature = alg === 'HS256' ? createHmac('sha256', key).update(text).digest() : sign(null, Buffer.from(text), key);
  return `${text}.${signature.toString('base64url')}`;
}

async function main(run, rows) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const secret = randomBytes(48).toString('base64');
  const pair = generateKeyPairSync('ed25519');
  const files = { secret: run.path('secret'), publicKey: run.path('public.pem') };
  writeFileSync(files.secret, `${secret}\n`, { mode: 0o600 });
  writeFileSync(files.publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const scene = { run, daemon, secret, pair, files };
  await pairs(scene, rows);
  await takesJwts(scene, rows);
  await endsSessions(scene, rows);
  await survivesRestart(scene, rows);
}

async function jobs(daemon, token) {
  const headers = { Host: `127.0.0.1:${daemon.port}`, Authorization: `Bearer ${token}` };
  const answer = await request({ port: daemon.port, path: '/api/v1/jobs', headers });
  schemas.check(answer.status === 200 ? 'job.list.result' : 'Problem', answer.json);
  return answer;
}

/** A program without a token that asks for one: `answer` is what it gets. */
async function asker(daemon, code) {
  const { url } = daemon.endpoint();
  const socket = await WebSocket.connect(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/ws`, ['dray.v1']);
  const answer = new Promise((resolve) => socket.once('message', (text) => resolve(JSON.parse(text))));
  socket.on('message', (text) => {
    const message = JSON.parse(text);
    schemas.check('ServerMessage', message);
    if (message.result) schemas.check('pair.request.result', message.result);
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const params = { name: 'A program', kind: 'program', code };
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'pair.request', params }));
  return { socket, answer, closed };
}

async function pairs({ run, daemon }, rows) {
  const drayctl = [path.join(programs, 'drayctl'), '--data-dir', daemon.data, 'pair'];
  const answers = (typed) => run.command('drayctl', 'sh', ['-c', 'echo "$0" | "$@"', typed, ...drayctl], { seconds: 40 });
  await rows.run('a program is let in by who compares the code, and out again', async () => {
    const { answer } = await asker(daemon, '111222');
    const { code, lines } = await answers('y');
    assert.equal(code, 0, lines.join('\n'));
    assert.match(lines.join('\n'), /A program.*\n.*111222/);
    const { result } = await answer;
    assert.equal((await jobs(daemon, result.token)).status, 200);
    const [entry] = JSON.parse((await daemon.ctl('token', 'list', '--json')).lines.join(''));
    assert.equal(entry.name, 'A program');
    assert.equal((await daemon.ctl('token', 'revoke', entry.id)).code, 0);
    assert.equal((await jobs(daemon, result.token)).status, 401);
  });
  await rows.run('a no is told to both', async () => {
    const { answer } = await asker(daemon, '333444');
    assert.equal((await answers('n')).code, 4);
    assert.equal((await answer).error.code, -32002);
  });
  await rows.run('the code alone is enough where nobody sits', async () => {
    const other = await asker(daemon, '555666');
    const { answer } = await asker(daemon, '777888');
    assert.equal((await daemon.ctl('pair', '--code', '777888')).code, 0);
    assert.ok((await answer).result.token);
    other.socket.cut();
  });
  await rows.run('the sixth try in ten minutes is refused', async () => {
    const { socket } = await asker(daemon, '999000');
    const { answer } = await asker(daemon, '999001');
    assert.equal((await answer).error.code, -32005);
    socket.cut();
  });
}

async function takesJwts({ daemon, secret, pair, files }, rows) {
  const token = jwt('HS256', secret, { sub: 'ann' });
  await rows.run('no key is configured, so no JWT is taken', async () => assert.equal((await jobs(daemon, token)).status, 401));
  await rows.run('HS256', async () => {
    assert.equal((await daemon.ctl('settings', 'jwt.secretFile', files.secret)).code, 0);
    assert.equal((await jobs(daemon, token)).status, 200);
    assert.equal((await jobs(daemon, jwt('HS256', `${secret}x`, { sub: 'ann' }))).status, 401);
  });
  await rows.run('EdDSA, only once its key is there', async () => {
    const signed = jwt('EdDSA', pair.privateKey, { sub: 'ann' });
    assert.equal((await jobs(daemon, signed)).status, 401);
    assert.equal((await daemon.ctl('settings', 'jwt.publicKeyFile', files.publicKey)).code, 0);
    assert.equal((await jobs(daemon, signed)).status, 200);
  });
  await rows.run('what drayctl does with a JWT belongs to its sub, and others do not see it', async () => {
    const added = await daemon.ctlAs(token, 'add', 'http://127.0.0.1:9/x.bin', '--paused', '--json');
    assert.equal(added.code, 0, added.errorLines.join('\n'));
    assert.equal(JSON.parse(added.lines[0]).owner, 'ann');
    const bob = jwt('HS256', secret, { sub: 'bob', scope: 'read' });
    assert.deepEqual((await jobs(daemon, bob)).json.jobs, []);
    assert.equal((await jobs(daemon, token)).json.jobs.length, 1);
    const { code } = await daemon.ctlAs(bob, 'settings', 'queue.downloads', '2');
    assert.notEqual(code, 0);
  });
  await rows.run('a key file that others can read is refused in words', async () => {
    const open = `${files.secret}.open`;
    writeFileSync(open, secret, { mode: 0o644 });
    await daemon.ctl('settings', 'jwt.secretFile', open);
    await until('it is said', () => daemon.errorLines.some((line) => /chmod 600/.test(line)));
    assert.equal((await jobs(daemon, token)).status, 401);
    assert.equal((await daemon.ctl('settings', 'jwt.secretFile', files.secret)).code, 0);
  });
}

/** A client whose JWT ends in `seconds`. */
async function connected({ daemon, secret }, seconds) {
  const client = new NativeClient();
  await client.connect({ ...daemon.endpoint(), token: jwt('HS256', secret, { sub: 'ann', exp: nowSeconds() + seconds }) });
  const closed = new Promise((resolve) => client.once('close', resolve));
  return { client, closed };
}

async function endsSessions(scene, rows) {
  const { daemon, secret, files } = scene;
  await rows.run('the session ends with exp, by 1008', async () => {
    const { closed } = await connected(scene, 3);
    assert.equal(await closed, 1008);
  });
  await rows.run('session.auth with a new one lets it go on', async () => {
    const { client, closed } = await connected(scene, 3);
    const { expiresAt } = await client.call('session.auth', { token: jwt('HS256', secret, { sub: 'ann', exp: nowSeconds() + 60 }) });
    assert.ok(expiresAt > Date.now() + 50_000);
    const still = await Promise.race([closed, until('the old end is over', () => Date.now() > expiresAt - 55_000).then(() => 'open')]);
    assert.equal(still, 'open');
    await client.call('job.list', {});
    client.cut();
  });
  await rows.run('another key ends the sessions of the old one, by 4505', async () => {
    const { closed } = await connected(scene, 60);
    const other = `${files.secret}.other`;
    writeFileSync(other, randomBytes(40).toString('hex'), { mode: 0o600 });
    assert.equal((await daemon.ctl('settings', 'jwt.secretFile', other)).code, 0);
    assert.equal(await closed, 4505);
    await daemon.ctl('settings', 'jwt.secretFile', files.secret);
  });
}

async function survivesRestart({ daemon, secret }, rows) {
  await rows.run('after a restart the key is read again', async () => {
    await daemon.stop();
    await daemon.start();
    assert.equal((await jobs(daemon, jwt('HS256', secret, { sub: 'ann' }))).status, 200);
  });
}

await runRows('logins', main, 'logins');
