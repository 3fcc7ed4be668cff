// A web site on a loopback port whose files come slowly, and its account of who asked how.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';

const tickMs = 50;
const types = { '.html': 'text/html', '.m3u8': 'application/vnd.apple.mpegurl', '.ts': 'video/mp2t', '.mp4': 'video/mp4', '.png': 'image/png' };

export class DownloadSite {
  /** Every request, in order: `{method, url, headers}`. */
  requests = [];
  #files = new Map();

  /**
   * `folder` holds files that come at once; `pages` is HTML by path, given with a cookie scripts cannot read.
   * Without that cookie what `guarded` matches is forbidden.
   */
  static async start(run, { folder, pages, guarded = /^$/ }) {
    const site = new DownloadSite();
    Object.assign(site, { folder, pages, guarded });
    site.server = createServer((request, response) => site.#answer(request, response));
    await new Promise((resolve) => site.server.listen(0, '127.0.0.1', resolve));
    run.onEnd(() => site.#close());
    return site;
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  /** Random bytes at `/name`, so many a second on each connection; returns their SHA-256. */
  putFile(name, size, bytesPerSecond) {
    const bytes = randomBytes(size);
    this.#files.set(`/${name}`, { bytes, bytesPerSecond });
    return createHash('sha256').update(bytes).digest('hex');
  }

  asked(name) {
    return this.requests.filter(({ url }) => url === `/${name}`);
  }

  #answer(request, response) {
    const { method, url, headers } = request;
    this.requests.push({ method, url, headers });
    if (this.pages[url]) return response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'who=me; HttpOnly' }).end(this.pages[url]);
    if (this.guarded.test(url) && headers.cookie !== 'who=me') return response.writeHead(403).end();
    const file = this.#files.get(url);
    if (file) return sendSlowly(file, request, response);
    const local = path.join(this.folder, path.basename(url));
    if (!existsSync(local)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': types[path.extname(local)] ?? 'application/octet-stream', 'Content-Length': statSync(local).size });
    createReadStream(local).pipe(response);
  }

  async #close() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

function sendSlowly({ bytes, bytesPerSecond }, { headers }, response) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  const begin = Number(range?.[1] ?? 0);
  const end = Number(range?.[2] || bytes.length - 1) + 1;
  const more = range ? { 'Content-Range': `bytes ${begin}-${end - 1}/${bytes.length}` } : {};
  const always = { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment', 'Accept-Ranges': 'bytes', ETag: '"one"' };
  response.writeHead(range ? 206 : 200, { ...always, ...more, 'Content-Length': end - begin });
  let at = begin;
  const step = Math.ceil((bytesPerSecond * tickMs) / 1000);
  const timer = setInterval(() => {
    if (response.writableNeedDrain) return;
    response.write(bytes.subarray(at, Math.min(at + step, end)));
    at += step;
    if (at >= end) response.end();
  }, tickMs);
  response.on('close', () => clearInterval(timer)).on('finish', () => clearInterval(timer));
}
