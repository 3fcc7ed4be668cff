// A file server on loopback that breaks off, resets, stalls and refuses, by a seeded dice: what a long
// download meets in a bad week. Everything it does say is true.
import { createHash, randomFillSync } from 'node:crypto';
import { createServer } from 'node:http';

const tickMs = 10;
const stallMs = 400;

/** Numbers in [0, 1), the same for the same seed (mulberry32's recurrence over 32-bit integers). */
export function seededDice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class FaultyServer {
  /** When how many bytes of a body were sent: `[ms since 1970, bytes]`. */
  sent = [];
  faults = { cut: 0, reset: 0, stall: 0, refused: 0 };

  /** `bytesPerSecond` is the limit of each connection. */
  static async start(run, { size, bytesPerSecond, dice }) {
    const server = new FaultyServer(size, bytesPerSecond, dice);
    await new Promise((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    run.onEnd(async () => {
      server.http.close();
      server.http.closeAllConnections();
    });
    return server;
  }

  constructor(size, bytesPerSecond, dice) {
    this.dice = dice;
    this.bytesPerTick = Math.ceil((bytesPerSecond * tickMs) / 1000);
    this.data = randomFillSync(Buffer.alloc(size));
    this.sha256 = createHash('sha256').update(this.data).digest('hex');
    this.http = createServer((request, response) => this.#answer(request, response));
  }

  url(name) {
    return `http://127.0.0.1:${this.http.address().port}/${name}`;
  }

  bytesSentBetween(begin, end) {
    return this.sent.reduce((sum, [time, bytes]) => sum + (time >= begin && time < end ? bytes : 0), 0);
  }

  #answer(request, response) {
    const fault = this.#fault();
    if (fault === 'refused') {
      this.faults.refused++;
      response.writeHead(503, { 'Retry-After': '0', 'Content-Length': '0' }).end();
      return;
    }
    const { begin, end } = this.#range(request.headers.range);
    const range = { 'Content-Range': `bytes ${begin}-${end - 1}/${this.data.length}` };
    response.writeHead(request.headers.range ? 206 : 200, {
      ETag: '"one"',
      'Accept-Ranges': 'bytes',
      'Content-Length': end - begin,
      ...(request.headers.range ? range : {}),
    });
    this.#send(response, begin, end, fault);
  }

  #fault() {
    const thrown = this.dice();
    if (thrown < 0.2) return 'cut';
    if (thrown < 0.28) return 'reset';
    if (thrown < 0.36) return 'stall';
    return thrown < 0.42 ? 'refused' : '';
  }

  #range(header) {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? 'bytes=0-') ?? [null, 0, ''];
    return { begin: Number(first), end: last === '' ? this.data.length : Number(last) + 1 };
  }

  /** A tick at a time; the fault comes somewhere on the way. */
  #send(response, begin, end, fault) {
    const faultAt = begin + Math.floor(this.dice() * (end - begin));
    let position = begin;
    let silentUntil = 0;
    let isDue = fault !== '';
    const timer = setInterval(() => {
      if (Date.now() < silentUntil || response.writableNeedDrain) return;
      if (isDue && position >= faultAt) {
        isDue = false;
        this.faults[fault]++;
        if (fault !== 'stall') return void (fault === 'cut' ? response.socket.end() : response.socket.resetAndDestroy());
        silentUntil = Date.now() + stallMs;
        return;
      }
      const until = Math.min(end, position + this.bytesPerTick, isDue ? Math.max(faultAt, position + 1) : end);
      response.write(this.data.subarray(position, until));
      this.sent.push([Date.now(), until - position]);
      position = until;
      if (position === end) response.end();
    }, tickMs);
    response.on('close', () => clearInterval(timer));
    response.on('finish', () => clearInterval(timer));
  }
}
