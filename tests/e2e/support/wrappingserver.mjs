// A counterfeit stick: a network block device that says it holds `claimed` bytes and keeps `real` of them;
// what is written behind those lands at the beginning again (the NBD protocol's fixed newstyle handshake).
import { createServer } from 'node:net';

const Magic = { hello: 'NBDMAGIC', options: 'IHAVEOPT', optionReply: 0x3e889045565a9n, request: 0x25609513, reply: 0x67446698 };
const Option = { abort: 2, info: 6, go: 7 };
const OptionReply = { done: 1, info: 3, unsupported: 0x80000001 };
const Command = { read: 0, write: 1, leave: 2, flush: 3 };
/** Has flags, takes flushes. */
const exportFlags = 0b101;

export class WrappingServer {
  /** Listens at the socket `path` until the run ends. */
  static async listen(run, path, sizes) {
    const server = new WrappingServer(sizes);
    const listener = createServer((socket) => server.#serve(socket));
    await new Promise((resolve) => listener.listen(path, resolve));
    run.onEnd(async () => listener.close());
    return server;
  }

  constructor({ claimed, real }) {
    this.claimed = claimed;
    this.bytes = Buffer.alloc(real);
  }

  async #serve(socket) {
    socket.on('error', () => socket.destroy());
    const reader = new Reader(socket);
    try {
      if (await this.#shakeHands(socket, reader)) while (await this.#answer(socket, reader));
    } catch {
      // The other end is gone.
    }
    socket.destroy();
  }

  /** Whether it chose to go on. */
  async #shakeHands(socket, reader) {
    socket.write(Buffer.concat([Buffer.from(Magic.hello + Magic.options), Buffer.from([0, 0b11])]));
    await reader.take(4);
    for (;;) {
      const head = await reader.take(16);
      const option = head.readUInt32BE(8);
      await reader.take(head.readUInt32BE(12));
      const known = option === Option.go || option === Option.info;
      if (known) socket.write(optionReply(option, OptionReply.info, this.#exportInfo()));
      socket.write(optionReply(option, known || option === Option.abort ? OptionReply.done : OptionReply.unsupported));
      if (option === Option.go || option === Option.abort) return option === Option.go;
    }
  }

  #exportInfo() {
    const info = Buffer.alloc(12);
    info.writeBigUInt64BE(BigInt(this.claimed), 2);
    info.writeUInt16BE(exportFlags, 10);
    return info;
  }

  /** Whether more may come. */
  async #answer(socket, reader) {
    const head = await reader.take(28);
    const [command, offset, length] = [head.readUInt16BE(6), Number(head.readBigUInt64BE(16)), head.readUInt32BE(24)];
    if (command === Command.leave) return false;
    if (command === Command.write) this.#each(offset, await reader.take(length), (part, place) => part.copy(this.bytes, place));
    const reply = Buffer.alloc(16);
    reply.writeUInt32BE(Magic.reply, 0);
    head.copy(reply, 8, 8, 16);
    socket.write(reply);
    if (command === Command.read) {
      const seen = Buffer.alloc(length);
      this.#each(offset, seen, (part, place) => this.bytes.copy(part, 0, place));
      socket.write(seen);
    }
    return true;
  }

  /** Calls `handle(part, place)` for each run of `buffer` that lies in one piece, with its true place. */
  #each(offset, buffer, handle) {
    for (let done = 0; done < buffer.length; ) {
      const place = (offset + done) % this.bytes.length;
      const part = buffer.subarray(done, done + this.bytes.length - place);
      handle(part, place);
      done += part.length;
    }
  }
}

function optionReply(option, type, content = Buffer.alloc(0)) {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(Magic.optionReply, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(type, 12);
  head.writeUInt32BE(content.length, 16);
  return Buffer.concat([head, content]);
}

/** Bytes of a socket by number. */
class Reader {
  #socket;
  #buffered = Buffer.alloc(0);
  #wake = () => {};
  #isOver = false;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#change(() => (this.#buffered = Buffer.concat([this.#buffered, bytes]))));
    socket.on('close', () => this.#change(() => (this.#isOver = true)));
  }

  async take(count) {
    while (this.#buffered.length < count) {
      if (this.#isOver) throw new Error('closed');
      await new Promise((resolve) => (this.#wake = resolve));
    }
    const taken = this.#buffered.subarray(0, count);
    this.#buffered = this.#buffered.subarray(count);
    return taken;
  }

  #change(change) {
    change();
    this.#wake();
  }
}
