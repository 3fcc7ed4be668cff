// Clients that keep a picture of one owner's work, each by a protocol of its own. A watcher's `losses` are the ends of its
// connection that nobody expected; it connects again whatever happened.
import { setTimeout as pause } from 'node:timers/promises';
import { NativeClient } from './nativeclient.mjs';
import { RoomClient } from './roomclient.mjs';

const reconnectMs = 100;
/** Of a client that waits longer after each failure: a restart of the hub fits in five tries. */
const unitMs = 500;

class Watcher {
  losses = [];
  isLossExpected = false;

  constructor(name, owner) {
    Object.assign(this, { name, owner });
  }

  lost(why) {
    if (!this.isLossExpected) this.losses.push(`${this.name} of ${this.owner.name}: ${why}`);
  }
}

/** Whether all jobs look as the hub says they are. */
function looksLike(jobs, truth) {
  const look = (job) => job && JSON.stringify([job.state, job.message ?? '', job.done ?? 0, job.rev]);
  return jobs.size === truth.length && truth.every((job) => look(jobs.get(job.id)) === look(job));
}

export class NativeWatcher extends Watcher {
  client = new NativeClient();

  async connect() {
    await this.client.connect(this.owner.endpoint());
    this.client.once('close', (code) => void this.#comeBack(code));
  }

  get isConnected() {
    return this.#isConnected;
  }

  isAlike(truth) {
    return looksLike(this.client.jobs, truth.jobs);
  }

  cut() {
    this.client.cut();
  }

  end() {
    this.#isWanted = false;
    this.client.cut();
  }

  #isWanted = true;
  #isConnected = true;

  async #comeBack(code) {
    this.#isConnected = false;
    if (!this.#isWanted) return;
    this.lost(`closed with ${code}`);
    for (;;) {
      await pause(reconnectMs);
      const isBack = await this.connect().then(() => true, () => false);
      if (isBack) break;
    }
    this.#isConnected = true;
  }
}

/** What the page and the extension use. */
export class LibraryWatcher extends Watcher {
  constructor(name, owner, { DrayClient, WebSocket }) {
    super(name, owner);
    const { url, token } = owner.endpoint();
    this.client = new DrayClient({ url, token, WebSocket, autoConnect: false, reconnectDelay: reconnectMs });
  }

  async connect() {
    this.client.status.subscribe((status) => status === 'offline' && this.#wasConnected && this.lost(status));
    this.client.connect();
  }

  get isConnected() {
    this.#wasConnected ||= this.client.status.value === 'connected';
    return this.client.status.value === 'connected';
  }

  isAlike(truth) {
    return looksLike(new Map([...this.client.jobs].map((job) => [job.id, job])), truth.jobs);
  }

  end() {
    this.#wasConnected = false;
    this.client.disconnect();
  }

  #wasConnected = false;
}

/** Listens to the owner's workflow; it must be told every state of it, also what happened while it was away. */
export class RoomWatcher extends Watcher {
  async connect() {
    const { url, token } = this.owner.endpoint();
    const where = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws/workflow/${this.owner.workflow}`;
    this.client = new RoomClient(where, { token, clientId: this.name, unitMs });
    await this.client.connect();
  }

  get isConnected() {
    return this.client.isConnected;
  }

  isAlike(truth) {
    if (this.client.closeCode !== null) this.lost(`closed with ${this.client.closeCode}`);
    this.client.closeCode = null;
    const told = this.client.of('progress');
    const last = told.at(-1);
    return last?.state === truth.workflow.state && last.message === truth.workflow.message && this.#wasToldAll(told);
  }

  cut() {
    this.client.cut();
  }

  end() {
    this.client.disconnect();
  }

  /** Something may be told twice after a loss, in order. */
  #wasToldAll(told) {
    let next = 0;
    for (const { state } of told) if (state === this.owner.states[next]) next += 1;
    return next === this.owner.states.length;
  }
}

/** A workflow is told in the same words, by its number. */
const isOwn = (task) => task.startsWith('task-');

/** Hears of the owner's tasks by Socket.IO; each message once and in order. */
export class TaskWatcher extends Watcher {
  told = [];

  constructor(name, owner, { io, transports }) {
    super(name, owner);
    const { url, token } = owner.endpoint();
    const fast = { reconnectionDelay: reconnectMs, reconnectionDelayMax: reconnectMs, autoConnect: false };
    this.socket = io(url, { auth: { sid: token }, transports, forceNew: true, ...fast });
    this.socket.on('ai_progress', ({ task_id: task, type }) => isOwn(task) && this.told.push(`${task} ${type}`));
    this.socket.on('disconnect', (reason) => reason !== 'io client disconnect' && this.lost(reason));
  }

  async connect() {
    this.socket.connect();
  }

  get isConnected() {
    return this.socket.connected;
  }

  isAlike() {
    return JSON.stringify(this.told) === JSON.stringify(this.owner.told);
  }

  report(message) {
    return this.socket.timeout(10_000).emitWithAck('ai_progress', message);
  }

  end() {
    this.socket.disconnect();
  }
}
