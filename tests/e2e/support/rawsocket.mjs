// A TCP connection that sends the bytes it is told, right or wrong, and frames of a WebSocket likewise.
import { connect } from 'node:net';

const handshake = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 };

/** A client's frame (RFC 6455 §5.2), masked with zeros. `length` may claim more than there is. */
export function frame({ opcode = Opcode.Text, final = true, reserved = 0, masked = true, payload = Buffer.alloc(0), length = payload.length }) {
  const head = Buffer.alloc(14);
  head[0] = (final ? 0x80 : 0) | reserved | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65536 ? 126 : 127);
  if (length >= 65536) head.writeBigUInt64BE(BigInt(length), 2);
  else if (length >= 126) head.writeUInt16BE(length, 2);
  const size = 2 + (length >= 65536 ? 8 : length >= 126 ? 2 : 0) + (masked ? 4 : 0);
  return Buffer.concat([head.subarray(0, size), payload]);
}

export class RawSocket {
  received = Buffer.alloc(0);
  isClosed = false;

  /** Resolves when it is connected, or refused (`isClosed`). */
  static open(port) {
    const raw = new RawSocket();
    raw.socket = connect(port, '127.0.0.1');
    raw.socket.on('error', () => {});
    raw.socket.on('data', (data) => (raw.received = Buffer.concat([raw.received, data])));
    raw.closed = new Promise((resolve) => raw.socket.on('close', resolve)).then(() => (raw.isClosed = true));
    return new Promise((resolve) => ['connect', 'close'].forEach((name) => raw.socket.once(name, () => resolve(raw))));
  }

  /** The same after a WebSocket's handshake. */
  static async upgrade(port, route, token) {
    const raw = await RawSocket.open(port);
    raw.write(`GET ${route} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n${handshake}\r\n`);
    while (!raw.text.includes('\r\n\r\n') && !raw.isClosed) await Promise.race([raw.closed, new Promise((resolve) => raw.socket.once('data', resolve))]);
    if (!raw.text.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${raw.text.slice(0, 100)}`);
    raw.received = raw.received.subarray(raw.received.indexOf('\r\n\r\n') + 4);
    return raw;
  }

  get text() {
    return this.received.toString('latin1');
  }

  /** The code of the close frame that was received, 1006 without one. */
  get closeCode() {
    const at = this.received.indexOf(Buffer.from([0x88]));
    return at >= 0 && this.received[at + 1] >= 2 ? this.received.readUInt16BE(at + 2) : 1006;
  }

  stopReading() {
    this.socket.pause();
  }

  /** Resolves when the kernel has taken it all; false when the connection is gone. */
  write(bytes) {
    if (this.isClosed || this.socket.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => this.socket.write(bytes, (error) => resolve(!error)));
  }

  /** Ends it by a reset, as a program that was killed. */
  reset() {
    this.socket.resetAndDestroy();
  }

  destroy() {
    this.socket.destroy();
  }
}
