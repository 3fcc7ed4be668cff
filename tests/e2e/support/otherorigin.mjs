// A web site of its own on a loopback port, and its pages in headless Chromium.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Serves one file at every path. */
export class OtherOrigin {
  static async start(run, file) {
    const site = new OtherOrigin();
    const page = readFileSync(file);
    site.server = createServer((request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page));
    await new Promise((resolve) => site.server.listen(0, '127.0.0.1', resolve));
    run.onEnd(async () => site.server.close());
    run.onEnd(async () => site.server.closeAllConnections());
    return site;
  }

  get origin() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }
}

/** `web` is the folder whose node_modules holds playwright-core. */
export async function openChromium(run, web) {
  const { chromium } = createRequire(path.join(web, 'package.json'))('playwright-core');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  run.onEnd(() => browser.close());
  return browser;
}
