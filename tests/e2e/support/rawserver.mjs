// A server that sends bytes as a row says, over TCP or TLS, and ends connections in every way there is.
import { createServer } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** One request: `line` ("GET /path HTTP/1.1"), `path`, `headers` in lower case, `number` from 0. */
class Asked {
  constructor(head, number) {
    const [line, ...lines] = head.split('\r\n');
    this.line = line;
    this.number = number;
    [this.method, this.path] = line.split(' ');
    this.headers = Object.fromEntries(lines.map((text) => [text.slice(0, text.indexOf(':')).toLowerCase(), text.slice(text.indexOf(':') + 1).trim()]));
  }
}

/** What a row answers with. */
class Answer {
  constructor(raw, stream) {
    this.raw = raw;
    this.stream = stream;
  }

  /** Resolves when the bytes were taken; false when the client has gone. */
  send(bytes) {
    return new Promise((resolve) => this.stream.write(bytes, (error) => resolve(!error)));
  }

  head(status, headers = {}) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.send(`HTTP/1.1 ${status} Told\r\n${lines.join('')}\r\n`);
  }

  chunk(bytes) {
    return this.send(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]));
  }

  /** TLS: close_notify first, then the end of the connection. */
  close() {
    this.stream.end();
  }

  /** The connection ends below TLS, which is told nothing (RFC 8446 §6.1). */
  closeUnnotified() {
    this.raw.end();
  }

  async trickle(bytes, everyMs) {
    for (const byte of bytes) {
      if (!(await this.send(Buffer.from([byte])))) return;
      await pause(everyMs);
    }
  }
}

export class RawServer {
  /** All that was asked so far. */
  asked = [];

  /** `answer(asked, answer)` is told each request. `tls` are the files of `Authority.issue`. */
  static async start(run, { answer, tls, host = '127.0.0.1' }) {
    const server = new RawServer(answer, tls && createSecureContext({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }));
    await new Promise((resolve) => server.tcp.listen(0, host, resolve));
    run.onEnd(async () => server.tcp.close());
    run.onEnd(async () => server.sockets.forEach((socket) => socket.destroy()));
    return server;
  }

  constructor(answer, secureContext) {
    this.answer = answer;
    this.secureContext = secureContext;
    this.sockets = new Set();
    this.tcp = createServer((socket) => this.#serve(socket));
  }

  get port() {
    return this.tcp.address().port;
  }

  url(host, path) {
    return `http${this.secureContext ? 's' : ''}://${host}:${this.port}${path}`;
  }

  /** How often `path` was asked for. */
  count(path) {
    return this.asked.filter((asked) => asked.path === path).length;
  }

  #serve(raw) {
    this.sockets.add(raw);
    const stream = this.secureContext ? new TLSSocket(raw, { isServer: true, secureContext: this.secureContext }) : raw;
    let received = '';
    for (const socket of [raw, stream]) socket.on('error', () => {});
    raw.on('close', () => this.sockets.delete(raw));
    stream.on('data', (data) => {
      received += data.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const asked = new Asked(received.slice(0, end), this.asked.length);
        received = received.slice(end + 4);
        asked.turn = this.count(asked.path);
        this.asked.push(asked);
        this.answer(asked, new Answer(raw, stream));
      }
    });
  }
}
