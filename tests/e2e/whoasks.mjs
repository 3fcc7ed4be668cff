// Who a download is to the server and which way it goes: every option of `drayctl add` that says so, and
// every setting, against a server that writes down what it was asked and real proxies.
//
//     node whoasks.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when every case is
// as it must be. A case whose proxy is not installed is skipped.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { Skipped, runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const password = 'pass word:1';
const basic = (user) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

/** An HTTP server that keeps the heads of all requests; below /members it wants `ann` and the password. */
class Origin {
  requests = [];

  static async start(run) {
    const origin = new Origin();
    origin.server = createServer((request, response) => origin.#answer(request, response));
    await new Promise((resolve) => origin.server.listen(0, '127.0.0.1', resolve));
    run.onEnd(async () => origin.server.closeAllConnections());
    run.onEnd(async () => origin.server.close());
    return origin;
  }

  url(name) {
    return `http://127.0.0.1:${this.server.address().port}/${name}`;
  }

  /** The headers of the last request for `name`. */
  headersOf(name) {
    return this.requests.filter(({ url }) => url === `/${name}`).at(-1)?.headers;
  }

  #answer(request, response) {
    this.requests.push({ url: request.url, headers: request.headers });
    const isMember = request.headers.authorization === basic('ann');
    if (request.url.startsWith('/members') && !isMember)
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end('no');
    else response.writeHead(200, { 'Content-Length': 4 }).end('file');
  }
}

/** Starts `command`, which listens on `port`; skips the case when it is not installed. */
async function startProxy(run, command, args, port) {
  if (!existsSync(`/usr/bin/${command}`)) throw new Skipped(`${command} is not installed`);
  const child = run.start(command, command, args);
  await until(`${command} listens`, () => child.exit !== null || canConnect(port));
  return child;
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true) ?? socket.destroy());
    socket.on('error', () => resolve(false));
  });
}

async function main(run, rows) {
  const origin = await Origin.start(run);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const scene = { run, origin, daemon };
  await saysWhoAsks(scene, rows);
  await logsIn(scene, rows);
  await goesThroughProxies(scene, rows);
}

/** Adds a download, waits for its end and returns `{code, lines, errorLines}`. */
const add = ({ daemon, origin }, name, ...options) => daemon.ctl('add', origin.url(name), '--wait', ...options);

async function succeeds(scene, name, ...options) {
  const { code, lines } = await add(scene, name, ...options);
  assert.equal(code, 0, lines.join('\n'));
  return scene.origin.headersOf(name);
}

async function saysWhoAsks(scene, rows) {
  const { run, daemon } = scene;
  await rows.run('--user-agent and --referer', async () => {
    const headers = await succeeds(scene, 'agent.bin', '--user-agent', 'Me/2 (x)', '--referer', 'http://page.example/');
    assert.equal(headers['user-agent'], 'Me/2 (x)');
    assert.equal(headers.referer, 'http://page.example/');
  });
  await rows.run('the setting download.userAgent', async () => {
    assert.equal((await daemon.ctl('settings', 'download.userAgent', 'Set/1')).code, 0);
    assert.equal((await succeeds(scene, 'set.bin'))['user-agent'], 'Set/1');
  });
  await rows.run('a user agent given twice is refused', async () => {
    const { code, errorLines } = await add(scene, 'twice.bin', '--user-agent', 'a', '--header', 'User-Agent: b');
    assert.equal(code, 2);
    assert.match(errorLines.join('\n'), /userAgent.*User-Agent/);
  });
  await rows.run('--cookies', async () => {
    const file = run.path('cookies.txt');
    writeFileSync(file, '127.0.0.1\tFALSE\t/\tFALSE\t0\tmine\t1\nother.example\tFALSE\t/\tFALSE\t0\ttheirs\t2\n');
    assert.equal((await succeeds(scene, 'cookies.bin', '--cookies', file)).cookie, 'mine=1');
  });
  await rows.run('a cookie file that is not there fails the job', async () => {
    const { code, lines } = await add(scene, 'gone.bin', '--cookies', run.path('gone.txt'));
    assert.equal(code, 1);
    assert.match(lines.join('\n'), /gone\.txt/);
    assert.equal(scene.origin.headersOf('gone.bin'), undefined);
  });
}

async function logsIn(scene, rows) {
  const { run, daemon, origin } = scene;
  await rows.run('--user with a password, which nobody is shown', async () => {
    await succeeds(scene, 'members1.bin', '--user', `ann:${password}`);
    const { lines } = await daemon.ctl('list', '--json');
    assert.ok(lines.join('\n').includes('members1.bin'));
    assert.ok(!lines.join('\n').includes('pass'), lines.join('\n'));
  });
  await rows.run('--user without a password reads it from the input', async () => {
    const script = 'printf "%s\\n" "$0" | "$@"';
    const drayctl = [path.join(programs, 'drayctl'), '--data-dir', daemon.data, 'add', origin.url('members2.bin'), '--wait'];
    const { code, lines } = await run.command('drayctl', 'sh', ['-c', script, password, ...drayctl, '--user', 'ann']);
    assert.equal(code, 0, lines.join('\n'));
  });
  await rows.run('--user without a password and without an input is a usage error', async () => {
    const { code, errorLines } = await add(scene, 'members3.bin', '--user', 'ann');
    assert.equal(code, 2);
    assert.match(errorLines.join('\n'), /password/);
  });
  await rows.run('a wrong password fails at once and is not shown', async () => {
    const { code, lines } = await add(scene, 'members4.bin', '--user', 'ann:wrongone');
    assert.equal(code, 1);
    assert.match(lines.join('\n'), /user name and password/);
    assert.doesNotMatch(lines.join('\n'), /wrongone/);
  });
  const netrc = path.join(daemon.environment.HOME, '.netrc');
  writeFileSync(netrc, `machine 127.0.0.1 login ann password "${password}"\n`);
  await rows.run('a .netrc that others may read is refused', async () => {
    chmodSync(netrc, 0o644);
    const { code, lines } = await add(scene, 'members5.bin', '--netrc');
    assert.equal(code, 1);
    assert.match(lines.join('\n'), /chmod 600/);
  });
  await rows.run('--netrc and the setting download.netrc', async () => {
    chmodSync(netrc, 0o600);
    await succeeds(scene, 'members6.bin', '--netrc');
    await succeeds(scene, 'members7.bin', '--netrc-file', netrc);
    assert.equal((await daemon.ctl('settings', 'download.netrc', netrc)).code, 0);
    await succeeds(scene, 'members8.bin');
  });
  await rows.run('the setting download.netrc is not for other owners', async () => {
    const token = (await daemon.ctl('token', 'add', 'phone', '--owner', 'bob')).lines[0];
    const { code, lines } = await daemon.ctlAs(token, 'add', origin.url('members9.bin'), '--wait');
    assert.equal(code, 1);
    assert.match(lines.join('\n'), /401/);
  });
  await rows.run('only an admin may name a file elsewhere', async () => {
    const token = (await daemon.ctl('token', 'add', 'tablet')).lines[0];
    for (const option of ['--cookies', '--netrc-file']) {
      const { code, errorLines } = await daemon.ctlAs(token, 'add', origin.url('elsewhere.bin'), option, netrc);
      assert.equal(code, 4);
      assert.ok(errorLines.join('\n').includes(netrc), errorLines.join('\n'));
    }
  });
}

async function goesThroughProxies(scene, rows) {
  const { run, daemon } = scene;
  const port = await freePort();
  await rows.run('--proxy socks5', async () => {
    const proxy = await startProxy(run, 'microsocks', ['-i', '127.0.0.1', '-p', String(port)], port);
    await succeeds(scene, 'socks.bin', '--proxy', `socks5://127.0.0.1:${port}`);
    assert.ok(proxy.lines.some((line) => line.includes('connected to 127.0.0.1')), proxy.lines.join('\n'));
  });
  await rows.run('the setting download.proxy, and none', async () => {
    const unlistened = await freePort();
    assert.equal((await daemon.ctl('settings', 'download.proxy', `http://127.0.0.1:${unlistened}`)).code, 0);
    const { code, lines } = await add(scene, 'lost.bin');
    assert.equal(code, 1);
    assert.match(lines.join('\n'), new RegExp(`proxy http://127.0.0.1:${unlistened}`));
    await succeeds(scene, 'direct.bin', '--proxy', 'none');
    assert.equal((await daemon.ctl('settings', 'download.proxy', '')).code, 0);
  });
  await rows.run('http_proxy of the environment', async () => {
    const httpPort = await freePort();
    const config = run.path('tinyproxy.conf');
    writeFileSync(config, `Listen 127.0.0.1\nPort ${httpPort}\nLogLevel Connect\n`);
    const proxy = await startProxy(run, 'tinyproxy', ['-d', '-c', config], httpPort);
    await daemon.stop();
    daemon.environment.http_proxy = `127.0.0.1:${httpPort}`;
    await daemon.start();
    const headers = await succeeds(scene, 'environment.bin');
    assert.ok(headers.via, JSON.stringify(headers));
    assert.ok(proxy.exit === null);
  });
}

await runRows('whoasks', main, 'who asks');
