// Chromium with the companion extension as it is packed, and what a user sees and does there.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { until } from './testrun.mjs';

export class Companion {
  /**
   * `from` is an unpacked extension, `web` the folder whose node_modules holds playwright-core. Nobody can answer Chromium's question
   * for optional permissions here, so they are given beforehand where `grants` is `all`: that they are asked for,
   * come while the worker runs and go again is not shown here, but in Firefox (firefoxcatch.mjs) and in the unit
   * tests of the extension (optional.test.ts). `localhost` and `hubPort` lead to `wirePort`. `name` names its folders. Debian's
   * Chromium speaks English alone: `language` is the only one that the extension has.
   */
  static async start(run, { web, from, name, grants, hubPort, wirePort, language = 'en' }) {
    const folder = run.path(name, 'extension');
    cpSync(from, folder, { recursive: true });
    changeManifest(folder, (manifest) => (manifest.default_locale = language));
    for (const other of readdirSync(path.join(folder, '_locales')))
      if (other !== language) rmSync(path.join(folder, '_locales', other), { recursive: true });
    if (grants === 'all') changeManifest(folder, grantAll);
    const { chromium } = createRequire(path.join(web, 'package.json'))('playwright-core');
    const context = await chromium.launchPersistentContext(run.path(name, 'profile'), {
      executablePath: '/usr/bin/chromium',
      ignoreDefaultArgs: ['--disable-extensions'],
      args: [
        '--no-sandbox',
        `--load-extension=${folder}`,
        `--disable-extensions-except=${folder}`,
        `--host-resolver-rules=MAP localhost:${hubPort} 127.0.0.1:${wirePort}`,
      ],
    });
    run.onEnd(() => context.close());
    const companion = new Companion(context, run.path(name, 'downloads'));
    await companion.#begin();
    return companion;
  }

  constructor(context, downloads) {
    this.context = context;
    this.downloads = downloads;
    mkdirSync(downloads, { recursive: true });
    context.on('serviceworker', (worker) => (this.worker = worker));
  }

  async #begin() {
    this.worker = this.context.serviceWorkers()[0] ?? (await this.context.waitForEvent('serviceworker'));
    this.id = new URL(this.worker.url()).host;
    await until('the worker is awake', () => this.inWorker(() => typeof chrome.contextMenus === 'object'));
    this.site = await this.context.newPage();
    this.session = await this.context.newCDPSession(this.site);
    await this.session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: this.downloads });
  }

  /** Runs in the extension's worker. */
  inWorker(run, argument) {
    return this.worker.evaluate(run, argument);
  }

  async open(page) {
    const opened = await this.context.newPage();
    await opened.goto(`chrome-extension://${this.id}/${page}`);
    return opened;
  }

  badge() {
    return this.inWorker(() => chrome.action.getBadgeText({}));
  }

  /** What the browser calls when a user chooses from its menu, which a program cannot open. */
  async clickMenu(clicked, page = this.site) {
    const [tab] = await this.inWorker((url) => chrome.tabs.query({ url }), page.url());
    await this.inWorker(([info, where]) => chrome.contextMenus.onClicked.dispatch(info, where), [{ pageUrl: page.url(), ...clicked }, tab]);
  }

  /** The browser's own downloads of `url`. */
  browserItems(url) {
    return this.inWorker((wanted) => chrome.downloads.search({ url: wanted }), url);
  }

  journal() {
    return this.inWorker(async () => (await chrome.storage.local.get('journal')).journal ?? []);
  }

  filesOfBrowser() {
    return readdirSync(this.downloads).sort();
  }

  /**
   * Ends the worker as the browser does when it wants the memory; the next event starts it again. The page
   * that is answered is an extension's own: close it when the worker may wake.
   */
  async stopWorker() {
    const page = await this.open('heldkeys.js');
    const session = await this.context.newCDPSession(page);
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    await until('the worker is gone', async () => (await workersSeenBy(page)) === 0);
    return page;
  }

  /** `page` is the one that stopWorker() answered. */
  async isAwake(page) {
    return (await workersSeenBy(page)) === 1;
  }

  /** Opening the popup is an event as any other. */
  async wakeWorker(page) {
    const popup = await this.open('popup.html');
    await until('the worker is awake again', () => this.isAwake(page));
    await Promise.all([page.close(), popup.close()]);
  }
}

function workersSeenBy(page) {
  return page.evaluate(async () => (await chrome.runtime.getContexts({ contextTypes: ['BACKGROUND'] })).length);
}

function changeManifest(folder, change) {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

function grantAll(manifest) {
  manifest.permissions.push(...manifest.optional_permissions);
  manifest.host_permissions = manifest.optional_host_permissions;
  delete manifest.optional_permissions;
  delete manifest.optional_host_permissions;
}
