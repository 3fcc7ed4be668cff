// drayd as a service: what it tells the service manager, sockets that were opened for it, and how it ends
// while clients do not read, against systemd's own socket activation.
//
//     node service.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when every case is
// as it must be. A case that this machine cannot run is skipped.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon } from './support/daemon.mjs';
import { request } from './support/request.mjs';
import { Skipped, runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';
import { WebSocket } from './support/websocket.mjs';

const activate = '/usr/bin/systemd-socket-activate';
const listener = fileURLToPath(new URL('./support/notifysocket.py', import.meta.url));
/** Two seconds for clients, and the little that ending without jobs takes. */
const endMs = 6_000;
const MiB = 1024 * 1024;

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run, rows) {
  await tellsItsManager(run, rows);
  await takesPassedSockets(run, rows);
  await keepsToItself(run, rows);
  await saysGoodbye(run, rows);
}

/** The manager's socket: `words` is every datagram so far. */
async function notifySocket(run, address) {
  const child = run.start('notify socket', 'python3', [listener, address]);
  await until('the socket is there', () => child.lines.includes('listening'));
  return { child, words: () => child.lines.slice(1).map((line) => JSON.parse(line)) };
}

async function tellsItsManager(run, rows) {
  const addresses = { 'a path': run.path('notify'), 'an abstract name': `@${run.path('notify-abstract')}` };
  for (const [name, address] of Object.entries(addresses))
    await rows.run(`READY and STOPPING are told to ${name}`, async () => {
      const { child, words } = await notifySocket(run, address);
      const daemon = new Daemon(run, { programs, name: `ready ${name}`, port: await freePort() });
      daemon.environment.NOTIFY_SOCKET = address;
      await daemon.start();
      await until('READY', () => words().length === 1);
      assert.equal(words()[0], `READY=1\nSTATUS=Serving http://127.0.0.1:${daemon.port}/\n`);
      await daemon.stop();
      await until('STOPPING', () => words().length === 2);
      assert.match(words()[1], /^STOPPING=1\nSTATUS=.+\n$/);
      await child.stop();
    });
  await rows.run('a start that fails says why and is never ready', async () => {
    const { child, words } = await notifySocket(run, run.path('notify-failed'));
    const blocker = new Daemon(run, { programs, name: 'blocker', port: await freePort() });
    await blocker.start();
    const daemon = new Daemon(run, { programs, name: 'late', port: blocker.port });
    daemon.environment.NOTIFY_SOCKET = run.path('notify-failed');
    const { code } = await daemon.runToItsEnd();
    assert.equal(code, 1);
    await until('STATUS', () => words().length === 1);
    assert.match(words()[0], new RegExp(`^STATUS=127.0.0.1:${blocker.port}: the port is in use.*\n$`));
    await Promise.all([blocker.stop(), child.stop()]);
  });
}

/** Starts drayd on the first connection to `addresses`, as drayd.socket does; it has no --listen of its own. */
function activated(run, name, addresses, { wrap = [] } = {}) {
  if (!existsSync(activate)) throw new Skipped('systemd-socket-activate is not installed');
  const daemon = new Daemon(run, { programs, name, port: 0 });
  const environment = Object.entries(daemon.environment).map(([key, value]) => `--setenv=${key}=${value}`);
  const listen = addresses.map((address) => `--listen=${address}`);
  const drayd = [path.join(programs, 'drayd'), '--data-dir', daemon.data, '--download-dir', daemon.downloads];
  const [command, ...args] = [...wrap, activate, ...environment, ...listen, ...drayd];
  return { daemon, child: run.start(`activated ${name}`, command, args) };
}

async function takesPassedSockets(run, rows) {
  await rows.run('the first client starts it, and every passed address is served', async () => {
    const ports = [await freePort(), await freePort()];
    const { daemon, child } = activated(run, 'passed', ports.map((port) => `127.0.0.1:${port}`));
    await until('the sockets are there', () => child.lines.some((line) => line.startsWith('Listening on')));
    assert.throws(() => daemon.endpoint(), 'nobody has asked, so nothing runs');
    for (const port of ports) assert.equal((await request({ port, path: '/healthz' })).status, 200);
    assert.equal(daemon.endpoint().url, `http://127.0.0.1:${ports[0]}`);
    assert.equal((await daemon.ctl('list')).code, 0);
    for (const port of ports) {
      const asked = (host) => request({ port, path: '/healthz', headers: { Host: host } });
      assert.equal((await asked(`rebind.test:${port}`)).status, 403);
    }
    await child.stop();
    assert.equal(child.exit.code, 0);
  });
  await rows.run('beyond loopback a passed socket speaks TLS, and nothing else', () => speaksTls(run));
}

/** The commands that give a program a network of its own, and that enter the one of process `pid`. */
async function ownNetwork(run) {
  const isRoot = process.getuid() === 0;
  const unshare = ['unshare', '--net', ...(isRoot ? [] : ['--map-root-user'])];
  const tried = await run.command('unshare', unshare[0], [...unshare.slice(1), 'true']).catch(({ message }) => ({ code: 1, lines: [message] }));
  if (tried.code !== 0) throw new Skipped(tried.lines.join(' '));
  const wrap = [...unshare, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  return { wrap, enter: (pid) => [...(isRoot ? [] : ['--user', '--preserve-credentials']), '--net', '--target', String(pid)] };
}

/** In a network of its own, so that no other machine sees the open address. */
async function speaksTls(run) {
  const { wrap, enter } = await ownNetwork(run);
  const { daemon, child } = activated(run, 'wide', ['0.0.0.0:8765'], { wrap });
  await until('the socket is there', () => child.lines.some((line) => line.startsWith('Listening on')));
  const curl = (...args) => run.command('curl', 'nsenter', [...enter(child.pid), 'curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', ...args]);
  assert.deepEqual((await curl('-k', 'https://127.0.0.1:8765/healthz')).lines, ['200']);
  assert.match(daemon.endpoint().url, /^https:/);
  assert.notEqual((await curl('http://127.0.0.1:8765/healthz')).code, 0);
  await child.stop();
}

/** Local addresses and ports on which a process of its own network listens (proc(5)). */
function listening(pid) {
  const lines = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1, -1));
  return lines.map((line) => line.trim().split(/\s+/)).filter(([, , , state]) => state === '0A').map(([, local]) => local);
}

async function keepsToItself(run, rows) {
  await rows.run('without --listen nothing is open but loopback', async () => {
    const { wrap, enter } = await ownNetwork(run);
    const daemon = new Daemon(run, { programs, name: 'default', port: 0 });
    const [command, ...args] = [...wrap, path.join(programs, 'drayd'), '--data-dir', daemon.data, '--download-dir', daemon.downloads];
    const child = run.start('default', command, args, { env: daemon.environment });
    await until('it listens', () => child.lines.some((line) => line.startsWith('Dray is running')));
    assert.deepEqual(listening(child.pid), ['0100007F:223D']); // 127.0.0.1:8765
    const { lines } = await run.command('curl', 'nsenter', [...enter(child.pid), 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'http://127.0.0.1:8765/healthz']);
    assert.deepEqual(lines, ['200']);
    await child.stop();
  });
  await rows.run('other users of this machine read no token, and without one are not let in', async () => {
    const daemon = new Daemon(run, { programs, name: 'private', port: await freePort() });
    chmodSync(daemon.data, 0o755); // as someone may have made it
    await daemon.start();
    assert.equal((await daemon.ctl('token', 'add', 'somebody')).code, 0);
    const files = readdirSync(daemon.data);
    assert.ok(files.includes('endpoint.json') && files.includes('dray.db'));
    for (const file of files) assert.equal(statSync(path.join(daemon.data, file)).mode & 0o777, 0o600, file);
    assert.equal((await request({ port: daemon.port, path: '/api/v1/jobs' })).status, 401);
    await daemon.stop();
  });
}

/** One message after another that is answered by one of the same size, masked with zeros (RFC 6455 §5.3). */
const pings = Buffer.concat(Array(60_000).fill(Buffer.concat([Buffer.from([0x81, 0x80 | 15, 0, 0, 0, 0]), Buffer.from('{"type":"ping"}')])));

/** Bytes that the kernel holds for who does not read, of all connections from `port`. */
function unsentTo(port) {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1, -1);
  const from = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const ours = lines.map((line) => line.trim().split(/\s+/)).filter(([, local]) => local.endsWith(from));
  return ours.reduce((sum, [, , , , queues]) => sum + parseInt(queues.split(':')[0], 16), 0);
}

/** A connection that sends `bytes` and reads nothing. */
async function unread(port, bytes) {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.pause();
  socket.on('error', () => {});
  socket.write(bytes);
  return socket;
}

async function saysGoodbye(run, rows) {
  const sockets = { '/api/v1/ws': ['dray.v1'], '/': [], '/ws': [], '/flash-progress': [] };
  await rows.run('SIGTERM: every socket is told 1001, and it ends in time though others do not read', async () => {
    const daemon = new Daemon(run, { programs, name: 'ending', port: await freePort() });
    await daemon.start();
    const { token } = daemon.endpoint();
    const codes = [];
    for (const [route, protocols] of Object.entries(sockets)) {
      const socket = await WebSocket.connect(`ws://127.0.0.1:${daemon.port}${route}`, [...protocols, `dray.bearer.${token}`]);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      codes.push(closed.then((code) => `${route} ${code}`));
    }
    const lines = `Host: 127.0.0.1:${daemon.port}\r\nAuthorization: Bearer ${token}\r\n`;
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    const get = (route, more = '') => `GET ${route} HTTP/1.1\r\n${lines}${more}\r\n`;
    const bytes = [get('/ws', upgrade), get('/api/v1/events'), 'GET /healthz HT', get('/api/v1/openapi.json').repeat(400)];
    const slow = await Promise.all(bytes.map((text) => unread(daemon.port, text)));
    const pinger = await unread(daemon.port, get('/flash-progress', upgrade));
    await new Promise((resolve) => pinger.once('readable', resolve)); // the upgrade's answer
    pinger.write(pings);
    slow.push(pinger);
    await until('a reader is behind', () => unsentTo(daemon.port) > MiB);
    assert.equal((await request({ port: daemon.port, path: '/healthz' })).status, 200);
    const begin = Date.now();
    process.kill(daemon.pid, 'SIGTERM');
    assert.deepEqual(await Promise.all(codes), Object.keys(sockets).map((route) => `${route} 1001`));
    await until('it has ended', () => !daemon.isRunning);
    assert.ok(Date.now() - begin < endMs, `${Date.now() - begin} ms`);
    assert.throws(() => daemon.endpoint(), 'who looks for the hub must not find an ended one');
    slow.forEach((socket) => socket.destroy());
  });
}

await runRows('service', main, 'drayd as a service');
