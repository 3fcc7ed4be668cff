// A program that listens: `dray.v1` over a WebSocket (PROTOCOL.md §1). It keeps every job as the
// merge of snapshot and patches, and checks on every event that none before it was missed, and
// everything that comes against the schema.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Schemas } from './schemas.mjs';
import { WebSocket } from './websocket.mjs';

const schemas = new Schemas();

export class NativeClient extends EventEmitter {
  jobs = new Map();
  /** Every event in order of arrival, over all connections. */
  events = [];
  /** Where the next connection begins: `{epoch, seq}`. */
  cursor = null;
  #columns = [];
  #calls = new Map();
  #nextId = 1;
  #socket = null;

  /** Says hello and subscribes to all jobs; goes on where the last connection was cut. */
  async connect({ url, token }) {
    this.#socket = await WebSocket.connect(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/ws`, [
      'dray.v1',
      `dray.bearer.${token}`,
    ]);
    assert.equal(this.#socket.protocol, 'dray.v1');
    this.#socket.on('message', (text) => this.#take(JSON.parse(text)));
    this.#socket.on('close', (code) => this.#lost(code));
    const hello = await this.call('session.hello', {
      client: { name: 'e2e', version: '1', kind: 'test' },
      features: [],
      ...(this.cursor ? { resume: this.cursor, topics: [{ topic: 'jobs' }] } : {}),
    });
    this.#columns = hello.columns;
    if (!hello.recovered) await this.#subscribe();
    return hello;
  }

  call(method, params) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { method, params, resolve, reject });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  cut() {
    this.#socket.cut();
  }

  /** Reads nothing until wake(). */
  sleep() {
    this.#socket.sleep();
  }

  wake() {
    this.#socket.wake();
  }

  async #subscribe() {
    await this.call('topic.subscribe', { topic: 'jobs', snapshot: true });
  }

  /** Taken as the answer is read: the events behind it may have come in the same piece. */
  #begin(jobs) {
    this.jobs.clear();
    for (const job of jobs) this.#put(job);
  }

  #take(message) {
    schemas.check('ServerMessage', message);
    if (message.id !== undefined) this.#answer(message);
    else if (message.method === 'event') this.#takeEvent(message.params);
    else if (message.method === 'progress') message.params.jobs.forEach((row) => this.#takeProgress(row));
    else if (message.method === 'session.ping')
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'session.pong', params: message.params }));
    else this.emit('notified', message);
  }

  #answer({ id, result, error }) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (call && !error) schemas.check(`${call.method}.result`, result);
    // The cursor starts at hello's answer, before any event behind it is read.
    if (result?.epoch && result.session) this.cursor = { epoch: result.epoch, seq: this.#startOf(result) };
    if (call?.params?.topic === 'jobs' && result?.jobs) this.#begin(result.jobs);
    if (error) call?.reject(new Error(`${error.code} ${error.message}`));
    else call?.resolve(result);
  }

  #startOf(hello) {
    return hello.recovered ? (this.cursor?.seq ?? hello.seq) : hello.seq;
  }

  #takeEvent(event) {
    assert.equal(event.prev, this.cursor.seq, `event ${event.seq} follows the one before it`);
    this.cursor = { ...this.cursor, seq: event.seq };
    this.events.push(event);
    if (event.type === 'job.added') this.#put(event.object);
    if (event.type === 'job.removed') this.jobs.delete(event.id);
    const job = this.jobs.get(event.id);
    if (event.type === 'job.changed' && job && event.rev > job.rev)
      this.#put({ ...mergePatch(job, event.patch), rev: event.rev });
  }

  #takeProgress(row) {
    const now = Object.fromEntries(this.#columns.map((column, i) => [column, row[i]]));
    const job = this.jobs.get(now.id);
    if (job && now.rev >= job.rev) this.#put({ ...job, ...now });
  }

  #put(job) {
    this.jobs.set(job.id, job);
    this.emit('job', job);
  }

  #lost(code) {
    for (const { reject } of this.#calls.values()) reject(new Error(`the connection was lost (${code})`));
    this.#calls.clear();
    this.emit('close', code);
  }
}

/** RFC 7396. */
function mergePatch(target, patch) {
  const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isObject(patch)) return patch;
  const merged = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
