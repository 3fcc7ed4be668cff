// A web site on a loopback port that gives a stream only to who has its cookie, and one piece of it from
// another host, which the cookie must not reach.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const tickMs = 50;

export class GuardedSite {
  /** Requests with the cookie; requests to the other host, `{url, cookie}`. */
  guarded = [];
  elsewhere = [];
  #playlists = new Map();

  /** `folder` has the files; each connection gets so many bytes a second. */
  static async start(run, { folder, cookie, bytesPerSecond }) {
    const site = Object.assign(new GuardedSite(), { folder, cookie, bytesPerSecond });
    site.server = createServer((request, response) => site.#answer(request, response));
    await new Promise((resolve) => site.server.listen(0, '127.0.0.1', resolve));
    run.onEnd(() => site.#close());
    return site;
  }

  get #port() {
    return this.server.address().port;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** At `as` is the playlist `name`, whose last piece is on the other host. */
  splitPlaylist(name, as) {
    const lines = readFileSync(path.join(this.folder, name), 'utf8').split('\n');
    const last = lines.findLastIndex((line) => line.endsWith('.ts'));
    lines[last] = `http://localhost:${this.#port}/${lines[last]}`;
    this.#playlists.set(as, lines.join('\n'));
  }

  #answer({ url, headers }, response) {
    const { host, cookie } = headers;
    if (host.startsWith('localhost')) this.elsewhere.push({ url, cookie });
    else if (cookie !== this.cookie) return response.writeHead(403).end();
    else this.guarded.push({ url, cookie });
    const bytes = this.#playlists.get(url) ?? readFileSync(path.join(this.folder, path.basename(url)));
    const type = this.#playlists.has(url) ? 'application/vnd.apple.mpegurl' : 'video/mp2t';
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
    this.#send(Buffer.from(bytes), response);
  }

  #send(bytes, response) {
    const step = Math.ceil((this.bytesPerSecond * tickMs) / 1000);
    let at = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, at + step));
      at += step;
      if (at < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, tickMs);
    response.on('close', () => clearInterval(timer));
  }

  async #close() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
