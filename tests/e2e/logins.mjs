// Who gets in: JWTs of both algorithms, made by another library than Dray's own, and what ends them.
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
import { freePort, until } from './support/testrun.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));
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
  await takesJwts(scene, rows);
  await endsSessions(scene, rows);
  await survivesRestart(scene, rows);
}

const jobs = (daemon, token, options = {}) =>
  request({ port: daemon.port, path: '/api/v1/jobs', headers: { Host: `127.0.0.1:${daemon.port}`, Authorization: `Bearer ${token}`, ...options } });

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
