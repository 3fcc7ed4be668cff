// A network, names and trusted certificates of a test's own: the test starts itself over in name spaces
// that nobody else sees and that go when it ends.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tellSkipped } from './testrun.mjs';

const insideMark = 'DRAY_OWN_NETWORK';
/** An address on the network that takes every packet and answers none. */
export const silentAddress = 'fd00:77::99';
export const silentIPv4Address = '192.0.2.99';

/** The command that gives what follows its own network, mounts and, for who is not root, users. */
function unshare() {
  return ['unshare', '--net', '--mount', ...(process.getuid() === 0 ? [] : ['--map-root-user'])];
}

/**
 * Runs `test()` inside; outside, starts the program over and takes over its exit code. Where nobody may
 * have a network of his own it says so and the test is skipped.
 */
export async function runInside(test) {
  if (process.env[insideMark]) return test();
  const [command, ...args] = unshare();
  const tried = spawnSync(command, [...args, 'ip', 'link', 'add', 'far', 'type', 'veth', 'peer', 'name', 'near']);
  if (tried.status !== 0) return tellSkipped(tried.error?.message ?? tried.stderr);
  const node = [process.execPath, ...process.argv.slice(1)];
  const child = spawn(command, [...args, ...node], { stdio: 'inherit', env: { ...process.env, [insideMark]: '1' } });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

const ip = (...args) => execFileSync('ip', args);
const mountOver = (file, target) => execFileSync('mount', ['--bind', file, target]);

/** For the inside. Loopback, and a cable to a neighbour that never answers. */
export class OwnNetwork {
  static create(run) {
    ip('link', 'set', 'lo', 'up');
    ip('link', 'add', 'far', 'type', 'veth', 'peer', 'name', 'near');
    for (const end of ['far', 'near']) ip('link', 'set', end, 'up');
    ip('-6', 'address', 'add', 'fd00:77::1/64', 'dev', 'near', 'nodad');
    ip('address', 'add', '192.0.2.1/24', 'dev', 'near');
    for (const address of [silentAddress, silentIPv4Address])
      ip('neigh', 'add', address, 'lladdr', '02:00:00:00:00:99', 'dev', 'near', 'nud', 'permanent');
    return new OwnNetwork(run);
  }

  constructor(run) {
    this.hosts = run.path('hosts');
    this.setNames({});
    mountOver(this.hosts, '/etc/hosts');
    writeFileSync(run.path('resolv.conf'), '');
    mountOver(run.path('resolv.conf'), '/etc/resolv.conf');
    mkdirSync(run.path('certificates'));
    this.tls = new Authority(run.path('certificates'), run.path('authority'));
    mountOver(run.path('certificates'), '/etc/ssl/certs');
  }

  /** `{name: [address, …]}`; every other name cannot be found. */
  setNames(names) {
    const lines = Object.entries(names).flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}`));
    writeFileSync(this.hosts, ['127.0.0.1 localhost', ...lines, ''].join('\n'));
  }
}

/** A certificate authority that everything inside trusts. */
class Authority {
  constructor(trusted, folder) {
    this.folder = folder;
    mkdirSync(folder);
    this.#openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test');
    const hash = this.#openssl('x509', '-hash', '-noout', '-in', 'ca.pem').toString().trim();
    copyFileSync(`${folder}/ca.pem`, `${trusted}/${hash}.0`);
  }

  /** Files with a key and a certificate for `name`. */
  issue(name) {
    this.#openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${name}`);
    writeFileSync(`${this.folder}/names`, `subjectAltName=DNS:${name}\n`);
    this.#openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'names');
    return { key: `${this.folder}/server.key`, cert: `${this.folder}/server.pem` };
  }

  #openssl(...args) {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
