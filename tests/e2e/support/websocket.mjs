// A WebSocket client small enough to read (RFC 6455), so that the test depends on no library of the
// program's own and can cut the line whenever it likes.
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import http from 'node:http';

const Opcode = { Continuation: 0, Text: 1, Close: 8, Ping: 9, Pong: 10 };

/** Emits `message` (text) and `close` (code, 1006 when the line was cut). */
export class WebSocket extends EventEmitter {
  #socket;
  #received = Buffer.alloc(0);
  #text = [];
  #code = 1006;

  /** `protocols` are subprotocols, `headers` more of the request's. */
  static connect(url, protocols = [], headers = {}) {
    return new Promise((resolve, reject) => {
      const request = http.get(url.replace(/^ws/, 'http'), {
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
          ...(protocols.length > 0 && { 'Sec-WebSocket-Protocol': protocols.join(', ') }),
          ...headers,
        },
      });
      request.on('upgrade', (response, socket, head) => resolve(new WebSocket(response, socket, head)));
      request.on('response', (response) => reject(new Error(`no upgrade: HTTP ${response.statusCode}`)));
      request.on('error', reject);
    });
  }

  constructor(response, socket, head) {
    super();
    this.protocol = response.headers['sec-websocket-protocol'];
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => this.emit('close', this.#code));
    socket.on('data', (data) => this.#receive(data));
    // Frames that came with the answer wait until the caller has had a chance to listen.
    if (head.length > 0) setImmediate(() => this.#receive(head));
  }

  send(text) {
    this.#write(Opcode.Text, Buffer.from(text));
  }

  /** As when a cable is pulled: no goodbye. */
  cut() {
    this.#socket.destroy();
  }

  /** Reads nothing until wake(), as a computer that is asleep. */
  sleep() {
    this.#socket.pause();
  }

  wake() {
    this.#socket.resume();
  }

  #write(opcode, payload) {
    const mask = randomBytes(4);
    const length = payload.length < 126 ? Buffer.from([0x80 | payload.length]) : Buffer.alloc(3);
    if (length.length === 3) {
      length[0] = 0x80 | 126;
      length.writeUInt16BE(payload.length, 1);
    }
    const masked = payload.map((byte, i) => byte ^ mask[i % 4]);
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, masked]));
  }

  #receive(data) {
    this.#received = Buffer.concat([this.#received, data]);
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) this.#take(frame);
  }

  /** The next whole frame, taken out of what was received; null when there is none yet. */
  #nextFrame() {
    const data = this.#received;
    if (data.length < 2) return null;
    let length = data[1] & 0x7f;
    let begin = 2;
    if (length === 126) begin = 4;
    if (length === 127) begin = 10;
    if (data.length < begin) return null;
    if (begin === 4) length = data.readUInt16BE(2);
    if (begin === 10) length = Number(data.readBigUInt64BE(2));
    if (data.length < begin + length) return null;
    this.#received = data.subarray(begin + length);
    return { final: (data[0] & 0x80) !== 0, opcode: data[0] & 0x0f, payload: data.subarray(begin, begin + length) };
  }

  #take({ final, opcode, payload }) {
    if (opcode === Opcode.Ping) this.#write(Opcode.Pong, payload);
    if (opcode === Opcode.Close) this.#close(payload);
    if (opcode !== Opcode.Text && opcode !== Opcode.Continuation) return;
    this.#text.push(payload);
    if (!final) return;
    const text = Buffer.concat(this.#text).toString('utf8');
    this.#text = [];
    this.emit('message', text);
  }

  #close(payload) {
    this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.#write(Opcode.Close, payload.subarray(0, 2));
    this.#socket.end();
  }
}
