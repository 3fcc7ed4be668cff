import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface SocketEnd {
  send(text: string): void;
  close(code: number): void;
  /** Breaks the connection without a close frame. */
  destroy(): void;
}

export interface SocketReader {
  text(text: string): void;
  /** The other end closes, with this code. */
  closing(code: number): void;
}

/** Accepts an upgrade and reads unfragmented text frames: RFC 6455 §4.2.2, §5.2. For tests. */
export function acceptSocket(request: IncomingMessage, stream: Duplex, protocol: string, reader: SocketReader): SocketEnd {
  const key = String(request.headers['sec-websocket-key']);
  const accept = createHash('sha1').update(key + guid).digest('base64');
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  let rest = Buffer.alloc(0);
  stream.on('error', () => stream.destroy());
  stream.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.opcode === 1) reader.text(frame.payload.toString());
      if (frame.opcode !== 8) continue;
      reader.closing(frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0));
      stream.end(frameOf(8, frame.payload.subarray(0, 2)));
    }
  });
  return {
    send: (text) => void stream.write(frameOf(1, Buffer.from(text))),
    close: (code) => void stream.end(frameOf(8, Buffer.from([code >> 8, code & 255]))),
    destroy: () => void stream.destroy(),
  };
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(payload.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (head.length === 2) head[1] = payload.length;
  else if (head.length === 4) head.writeUInt16BE(payload.length, (head[1] = 126) && 2);
  else head.writeBigUInt64BE(BigInt(payload.length), (head[1] = 127) && 2);
  return Buffer.concat([head, payload]);
}

function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = (bytes[1] ?? 0) & 127;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start + 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const size = start + 4 + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const payload = Buffer.from(bytes.subarray(start + 4, size)).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return { opcode: (bytes[0] ?? 0) & 15, payload: Buffer.from(payload), size };
}
