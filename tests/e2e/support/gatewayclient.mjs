// A client of the gateway in the style of a Dart program: it connects again by itself, tells messages and its
// status by callbacks, and takes a number only as the type it was declared with, as `as int` and
// `as double` do.
import { setTimeout as pause } from 'node:timers/promises';
import { Schemas } from './schemas.mjs';
import { WebSocket } from './websocket.mjs';

const schemas = new Schemas();

/** A number in JSON, as a statically typed reader sees it: an int has neither point nor exponent. */
class Int {
  constructor(value) {
    this.value = value;
  }
}
class Double extends Int {}

/** Parses like Dart's jsonDecode: 1 is an int, 1.0 a double. */
export function decodeTyped(text) {
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const marked = text.replace(tokens, (token) => {
    if (token.startsWith('"')) return token;
    return `{"$number":${token},"$isDouble":${/[.eE]/.test(token)}}`;
  });
  const revive = (key, value) => {
    if (!value || value.$number === undefined) return value;
    return value.$isDouble ? new Double(value.$number) : new Int(value.$number);
  };
  return JSON.parse(marked, revive);
}

function asString(value) {
  if (typeof value !== 'string') throw new TypeError(`type '${typeof value}' is not a subtype of type 'String'`);
  return value;
}

function asInt(value) {
  if (!(value instanceof Int) || value instanceof Double) throw new TypeError("not a subtype of type 'int'");
  return value.value;
}

function asDouble(value) {
  if (!(value instanceof Double)) throw new TypeError("type 'int' is not a subtype of type 'double'");
  return value.value;
}

const readers = {
  download_progress: (json) => ({ id: asString(json.download_id), progress: asDouble(json.progress), speed: asInt(json.speed) }),
  download_complete: (json) => ({ id: asString(json.download_id), path: asString(json.file_path) }),
  download_error: (json) => ({ id: asString(json.download_id), error: asString(json.error_message) }),
  error: (json) => ({ message: asString(json.message) }),
};

/** The message in a text; throws what a typed client would. */
export function messageFrom(text) {
  const json = decodeTyped(text);
  const reader = readers[asString(json.type)];
  if (!reader) throw new TypeError(`unknown message ${json.type}`);
  return { type: json.type, ...reader(json) };
}

const firstWaitMs = 100;
const lastWaitMs = 1_600;
const terminal = (code) => code === 1008 || code >= 4500;

export class GatewayClient {
  #socket = null;
  #isWanted = false;

  /** `onMessage` is called with every message, `onStatus` with connecting, connected, disconnected or refused. */
  constructor({ url, token, onMessage, onStatus, onFault }) {
    Object.assign(this, { url, token, onMessage, onStatus, onFault });
  }

  /** Until disconnect(), or until the server says that it is of no use. */
  async connect() {
    this.#isWanted = true;
    for (let waitMs = firstWaitMs; this.#isWanted; waitMs = Math.min(2 * waitMs, lastWaitMs)) {
      this.onStatus('connecting');
      const code = await this.#session(() => (waitMs = firstWaitMs));
      this.onStatus(terminal(code) ? 'refused' : 'disconnected', code);
      if (terminal(code)) return;
      await pause(waitMs);
    }
  }

  /** As when the network goes: without a word. */
  disconnect() {
    this.#isWanted = false;
    this.#socket?.cut();
  }

  command(action, id) {
    this.send(JSON.stringify({ action, download_id: id }));
  }

  add(url) {
    this.send(JSON.stringify({ action: 'add_download', url }));
  }

  send(text) {
    this.#socket.send(text);
  }

  /** One connection; its close code. */
  async #session(opened) {
    try {
      this.#socket = await WebSocket.connect(this.url, [], { Authorization: `Bearer ${this.token}` });
    } catch {
      return 1006;
    }
    opened();
    this.onStatus('connected');
    this.#socket.on('message', (text) => this.#take(text));
    return new Promise((resolve) => this.#socket.on('close', resolve));
  }

  #take(text) {
    try {
      schemas.check('gateway.Message', JSON.parse(text));
      this.onMessage(messageFrom(text));
    } catch (error) {
      this.onFault(`${error.message}: ${text}`);
    }
  }
}
