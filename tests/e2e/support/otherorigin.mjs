// A web site of its own on a loopback port, and its pages in headless Chromium.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Serves one file at every path. */
export class OtherOrigin {
  /** On any port where `port` is 0. */
  static async start(run, file, port = 0) {
    const site = new OtherOrigin();
    const page = readFileSync(file);
    site.server = createServer((request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page));
    await new Promise((resolve) => site.server.listen(port, '127.0.0.1', resolve));
    run.onEnd(() => site.close());
    return site;
  }

  async close() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  get port() {
    return this.server.address().port;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }
}

/** `web` is the folder whose node_modules holds playwright-core; `args` are more of Chromium's own. */
export async function openChromium(run, web, args = []) {
  const { chromium } = createRequire(path.join(web, 'package.json'))('playwright-core');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', ...args] });
  run.onEnd(() => browser.close());
  return browser;
}
