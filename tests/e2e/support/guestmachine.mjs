// A computer in the computer: Debian's kernel on this computer's own files, which it sees read-only below
// a layer in memory, with udevd, D-Bus, polkit and UDisks2 of its own, and USB ports for sticks that are
// files here. What its users may do is told in guest/boot.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineSocket } from './linesocket.mjs';
import { Qmp } from './qmp.mjs';
import { until } from './testrun.mjs';

const qemu = 'qemu-system-x86_64';
const supportFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'guest');
const fetchSeconds = 240;
// By the processor first, which takes seconds. A KVM that lacks what every x86-64 processor has ends QEMU at once.
const processors = [
  { options: ['-accel', 'kvm', '-cpu', 'kvm64,enforce'], bootSeconds: 60 },
  { options: ['-accel', 'tcg,thread=multi', '-cpu', 'max'], bootSeconds: 200 },
];

/** Whoever gives commands in the guest: guest/boot. */
export const Users = { root: { name: 'root', uid: 0 }, ann: { name: 'ann', uid: 1801 }, ben: { name: 'ben', uid: 1802 } };

export const isQemuInstalled = () => spawnSync(qemu, ['--version']).error === undefined;

/** A process in the guest. */
class GuestChild {
  lines = [];
  pid = null;
  exit = null;

  constructor(name) {
    this.name = name;
  }
}

export class GuestMachine {
  #children = new Map();
  #isReady = false;
  #socket = null;
  #process = null;
  #lastId = 0;
  #plugged = new Set();

  /** `cache` keeps the kernel, `programs` holds drayd and drayctl. */
  constructor(run, { cache, programs }) {
    this.run = run;
    this.cache = cache;
    this.programs = programs;
    mkdirSync(run.path('shared'));
    writeFileSync(run.path('shared', 'node'), process.execPath);
  }

  /** Where the guest finds a file of the run's folder `shared`. */
  shared(name) {
    return path.posix.join('/dray/shared', name);
  }

  async start() {
    const fetched = await this.run.command('fetchkernel', 'bash', [path.join(supportFolder, 'fetchkernel'), this.cache], { seconds: fetchSeconds });
    if (fetched.code !== 0) throw new Error(fetched.lines.join('\n'));
    for (const processor of hasKvm() ? processors : processors.slice(1)) if (await this.#isUp(processor)) return;
    throw new Error(`the guest does not start\n${this.#process.lines.join('\n')}`);
  }

  get isRunning() {
    return this.#process.exit === null;
  }

  /** Starts a program as `user` and returns it when it runs; its `exit` is set when it has ended. */
  async spawn(user, ...argv) {
    const id = ++this.#lastId;
    const child = new GuestChild(argv[0]);
    child.kill = (signal) => this.#socket.send({ id, signal });
    this.#children.set(id, child);
    this.#socket.send({ id, as: user, argv });
    await until(`${argv[0]} runs in the guest`, () => child.pid !== null || child.exit !== null);
    return child;
  }

  /** Runs a program to its end: `{code, text}`. */
  async command(user, argv, { seconds = 60 } = {}) {
    const child = await this.spawn(user, ...argv);
    await until(`${argv.join(' ')} ends in the guest`, () => child.exit !== null, seconds);
    return { code: child.exit, text: child.lines.join('\n') };
  }

  /** The same for a line of shell as root, which must succeed: what it wrote. */
  async sh(line, { seconds } = {}) {
    const { code, text } = await this.command(Users.root, ['bash', '-c', line], { seconds });
    if (code !== 0) throw new Error(`${line}: ${code}\n${text}`);
    return text;
  }

  /**
   * Plugs a stick in: `name` is its serial number, `port` one of 1 to 4, `file` holds its bytes, or a server
   * that listens at `nbd`. `pace` limits it, as `{'bps-write': …, 'bps-read': …}`; `faults` are `{iotype,
   * sector}`, for ever; `isProtected` when its switch says so.
   */
  async plug({ name, port, file, nbd, pace, faults, isProtected = false }) {
    const id = `stick${++this.#lastId}`;
    const nodes = [file ? { driver: 'file', filename: file } : { driver: 'nbd', server: { type: 'unix', path: nbd } }];
    if (faults) nodes.push({ driver: 'blkdebug', 'inject-error': faults.map((fault) => ({ event: 'none', errno: 5, ...fault })) });
    if (pace) {
      await this.qmp.run('object-add', { 'qom-type': 'throttle-group', id: `${id}-pace`, limits: pace });
      nodes.push({ driver: 'throttle', 'throttle-group': `${id}-pace` });
    }
    const added = [];
    for (const node of nodes) {
      const below = added.at(-1) && { [node.driver === 'blkdebug' ? 'image' : 'file']: added.at(-1) };
      added.push(`${id}-${added.length}`);
      await this.qmp.run('blockdev-add', { 'node-name': added.at(-1), 'read-only': isProtected, ...below, ...node });
    }
    await this.qmp.run('device_add', { driver: 'usb-storage', id, bus: 'usb.0', port: String(port), drive: added.at(-1), removable: true, serial: name });
    const stick = { id, nodes: added.reverse() };
    this.#plugged.add(stick);
    return stick;
  }

  /** Pulls it out, whatever it is doing; its file is whole and closed afterwards. */
  async unplug(stick) {
    const { id, nodes } = stick;
    this.#plugged.delete(stick);
    await this.qmp.run('device_del', { id });
    await this.qmp.event('DEVICE_DELETED', ({ device }) => device === id);
    for (const node of nodes) await this.qmp.run('blockdev-del', { 'node-name': node });
  }

  /** Pulls out every stick that is still plugged in. */
  async unplugAll() {
    for (const stick of [...this.#plugged]) await this.unplug(stick);
  }

  async #isUp({ options, bootSeconds }) {
    this.#process = this.run.start('qemu', qemu, [...options, ...this.#arguments()]);
    this.run.onEnd(async () => [this.#socket, this.qmp].forEach((one) => one?.close()));
    const deadline = Date.now() + bootSeconds * 1000;
    this.#socket = await this.#connected('agent', (socket) => LineSocket.to(socket));
    this.#socket?.onMessage((message) => this.#take(message));
    this.qmp = await this.#connected('qmp', (socket) => Qmp.to(socket));
    await until('the guest is up', () => this.#isReady || !this.isRunning || Date.now() > deadline, 2 * bootSeconds);
    if (!this.#isReady) await this.#process.stop();
    return this.#isReady;
  }

  #take({ id, ready, line, pid, exit }) {
    if (ready) this.#isReady = true;
    const child = this.#children.get(id);
    if (line !== undefined) child.lines.push(line);
    if (pid !== undefined) child.pid = pid;
    if (exit !== undefined) child.exit = exit;
  }

  /** What `connect` makes of the socket of that name once QEMU listens there; null when QEMU ended. */
  async #connected(name, connect) {
    let made = null;
    const tries = async () => (made = await connect(this.run.path(name)).catch(() => null));
    await until(`QEMU listens on ${name}`, () => !this.isRunning || tries());
    return made;
  }

  #arguments() {
    const share = (tag, folder) => ['-virtfs', `local,path=${quoted(folder)},mount_tag=${tag},security_model=none,readonly=on,multidevs=remap`];
    const socket = (id) => ['-chardev', `socket,id=${id},path=${quoted(this.run.path(id))},server=on,wait=off`];
    return [
      ...['-smp', '2', '-m', '1024', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-net', 'none', '-serial', 'stdio'],
      ...['-kernel', path.join(this.cache, 'vmlinuz'), '-initrd', path.join(this.cache, 'initramfs')],
      ...['-append', 'console=ttyS0 quiet panic=-1'],
      ...share('host', '/'),
      ...share('modules', path.join(this.cache, 'modules')),
      ...share('programs', this.programs),
      ...share('support', supportFolder),
      ...share('shared', this.run.path('shared')),
      ...socket('agent'),
      ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=dray'],
      ...socket('qmp'),
      ...['-mon', 'chardev=qmp,mode=control'],
      ...['-device', 'qemu-xhci,id=usb'],
    ];
  }
}

/** A value in an option of QEMU. */
const quoted = (text) => text.replaceAll(',', ',,');

function hasKvm() {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
