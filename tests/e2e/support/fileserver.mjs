// nginx on a loopback port with one random file behind a rate limit, and its own account of who
// fetched which bytes.
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { freePort, until } from './testrun.mjs';

const MiB = 1024 * 1024;

export class FileServer {
  /** `bytesPerSecond` is the limit of each connection, 0 for none; `locations` more of nginx's own. */
  static async start(run, { name, size, bytesPerSecond, locations = '' }) {
    const server = new FileServer(run, name, size);
    server.sha256 = writeRandomFile(run.path('www', name), size);
    server.port = await freePort();
    writeFileSync(run.path('nginx.conf'), server.#configuration(bytesPerSecond, locations));
    await server.launch();
    return server;
  }

  /** Starts nginx, also once more after stop(), on the same port. */
  async launch() {
    const child = this.run.start('nginx', 'nginx', ['-p', this.run.folder, '-c', 'nginx.conf', '-e', 'nginx.log']);
    await until('nginx listens', () => child.exit !== null || canConnect(this.port));
    if (child.exit !== null) throw new Error(`nginx did not start\n${child.lines.join('\n')}`);
    this.child = child;
  }

  /** Ends nginx with every connection it has. */
  stop() {
    return this.child.stop();
  }

  constructor(run, name, size) {
    this.run = run;
    this.name = name;
    this.size = size;
    mkdirSync(run.path('www'));
    mkdirSync(run.path('nginx'));
  }

  get url() {
    return `http://127.0.0.1:${this.port}/${this.name}`;
  }

  /**
   * Every request that has ended: the Range it asked for, its status, the bytes [begin, end) it was
   * promised, how many were sent, and when it began, in milliseconds since 1970.
   */
  requests() {
    return readFileSync(this.run.path('access.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => this.#request(JSON.parse(line)));
  }

  #request({ range, contentRange, status, sent, endedAt, seconds }) {
    const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(contentRange) ?? [null, 0, this.size - 1];
    const begunAt = (endedAt - seconds) * 1000;
    return { range, status, begin: Number(first), end: Number(last) + 1, sent, begunAt };
  }

  #configuration(bytesPerSecond, locations) {
    const user = process.getuid() === 0 ? 'user root;' : '';
    return `
      ${user} daemon off; worker_processes 1; pid nginx.pid; error_log nginx.log;
      events { worker_connections 256; }
      http {
        log_format ranges escape=json '{"range":"$http_range","contentRange":"$sent_http_content_range",'
          '"status":$status,"sent":$body_bytes_sent,"endedAt":$msec,"seconds":$request_time}';
        access_log access.log ranges;
        client_body_temp_path nginx/body; proxy_temp_path nginx/proxy; fastcgi_temp_path nginx/fastcgi;
        uwsgi_temp_path nginx/uwsgi; scgi_temp_path nginx/scgi;
        server { listen 127.0.0.1:${this.port}; root www; limit_rate ${bytesPerSecond}; ${locations} }
      }`;
  }
}

/** Writes `size` random bytes and returns their SHA-256 in hexadecimal. */
function writeRandomFile(path, size) {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(MiB);
  const file = openSync(path, 'w');
  for (let written = 0; written < size; written += buffer.length) {
    const part = randomFillSync(buffer).subarray(0, size - written);
    hash.update(part);
    writeSync(file, part);
  }
  closeSync(file);
  return hash.digest('hex');
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
