// A link of this machine to itself that is slow: every byte comes late, and no more than so many a second
// get through. It loses nothing: while it is cut what is under way waits, as TCP's repetitions make it.
import { connect, createServer } from 'node:net';

/** Where it listens, on the port that it leads to: a hub answers to no other port than its own. */
export const linkAddress = '127.0.0.2';

/** Bytes that are let through at once. */
const pieceBytes = 1024;
/** Bytes under way in a direction before those who send are told to wait. */
const mostUnderWay = 32 * 1024;

/** What goes from one side to the other, over all connections, in order. */
class Lane {
  #queue = [];
  #bytes = 0;
  #freeAt = 0;
  #timer;
  #waiting = new Set();

  constructor(link) {
    this.link = link;
  }

  send(bytes, from, to) {
    for (let begin = 0; begin < bytes.length; begin += pieceBytes) this.#put(bytes.subarray(begin, begin + pieceBytes), from, to);
    if (this.#bytes > mostUnderWay) this.#waiting.add(from.pause());
    this.flow();
  }

  /** After all that was sent. */
  end(from, to) {
    this.#put(null, from, to);
    this.flow();
  }

  /** Goes on when the link is whole. */
  flow() {
    if (this.#timer || this.link.isCut || this.#queue.length === 0) return;
    const again = () => {
      this.#timer = undefined;
      this.#deliver();
      this.flow();
    };
    this.#timer = setTimeout(again, Math.max(0, this.#queue[0].at - Date.now()));
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #put(piece, from, to) {
    const size = piece?.length ?? 0;
    this.#freeAt = Math.max(Date.now(), this.#freeAt) + (size * 1000) / this.link.bytesPerSecond;
    this.#bytes += size;
    this.#queue.push({ at: this.#freeAt + this.link.delayMs, piece, from, to });
  }

  #deliver() {
    while (this.#queue.length > 0 && this.#queue[0].at <= Date.now()) {
      const { piece, to } = this.#queue.shift();
      this.#bytes -= piece?.length ?? 0;
      if (to.destroyed) continue;
      if (piece) to.write(piece);
      else to.end();
    }
    if (this.#bytes > mostUnderWay / 2) return;
    for (const socket of this.#waiting) socket.resume();
    this.#waiting.clear();
  }
}

export class SlowLink {
  isCut = false;
  #up = new Lane(this);
  #down = new Lane(this);
  #sockets = new Set();

  /** `delayMs` each way; `bytesPerSecond` each way, of all connections together. */
  static async start(run, toPort, { delayMs, bytesPerSecond }) {
    const link = new SlowLink();
    Object.assign(link, { delayMs, bytesPerSecond });
    link.server = createServer({ allowHalfOpen: true }, (client) => link.#join(client, toPort));
    await new Promise((resolve) => link.server.listen(toPort, linkAddress, resolve));
    run.onEnd(() => link.#close());
    return link;
  }

  /** Nothing gets through, and nobody is told. */
  cut() {
    this.isCut = true;
    this.#up.stop();
    this.#down.stop();
  }

  mend() {
    this.isCut = false;
    this.#up.flow();
    this.#down.flow();
  }

  #join(client, toPort) {
    const server = connect({ port: toPort, host: '127.0.0.1', allowHalfOpen: true });
    for (const [one, other, lane] of [[client, server, this.#up], [server, client, this.#down]]) {
      this.#sockets.add(one);
      one.on('data', (bytes) => lane.send(bytes, one, other));
      one.on('error', () => {});
      one.on('end', () => lane.end(one, other));
      one.on('close', () => {
        this.#sockets.delete(one);
        lane.end(one, other);
      });
    }
  }

  async #close() {
    this.cut();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
