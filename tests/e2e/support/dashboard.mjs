// The page in headless Chromium, watched through its document: what is noted is what a person sees.
import { createRequire } from 'node:module';
import path from 'node:path';

/** Runs in the page: reports the look of every row, at once and whenever the document changes. */
function watchRows() {
  const digestIn = (details) =>
    [...(details?.querySelectorAll('code') ?? [])].map((code) => code.textContent).find((text) => /^[0-9a-f]{64}$/.test(text));
  const lookOf = (row) => {
    const bar = row.querySelector('progress[value]');
    const details = document.getElementById(`details-${row.dataset.job}`);
    return { id: row.dataset.job, state: row.dataset.state, done: bar?.value, sha256: digestIn(details) };
  };
  const report = () => document.querySelectorAll('[data-job]').forEach((row) => window.sawRow(lookOf(row)));
  new MutationObserver(report).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

export class Dashboard {
  /** `web` is the folder whose node_modules holds playwright-core; `onRow` is told every look of a row. */
  static async open(run, { web, url, onRow }) {
    const { chromium } = createRequire(path.join(web, 'package.json'))('playwright-core');
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    run.onEnd(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1100, height: 640 } });
    await page.exposeFunction('sawRow', onRow);
    await page.addInitScript(watchRows);
    await page.goto(url);
    return new Dashboard(page);
  }

  constructor(page) {
    this.page = page;
  }

  /** Waits until the page says that it shows what happens. */
  isLive() {
    return this.page.getByText('Live', { exact: true }).waitFor();
  }

  /** Waits until the page admits that it shows what was, not what is. */
  saysOffline() {
    return this.page.getByText('Offline since').first().waitFor();
  }

  /** Away from the hub: nothing more is seen until the next visit. */
  leave() {
    return this.page.goto('about:blank');
  }

  /** Signs in again: a page's session ends with the hub that gave it. */
  visit(url) {
    return this.page.goto(url);
  }

  /** Opens the row's details, where its digest stands. */
  async openDetails(id) {
    const name = this.row(id).locator('button[aria-expanded]');
    if ((await name.getAttribute('aria-expanded')) === 'false') await name.click();
  }

  row(id) {
    return this.page.locator(`[data-job="${id}"]`);
  }

  /** Presses the button of that name in the job's row. */
  async press(id, name) {
    await this.row(id).getByRole('button', { name }).click();
  }

  save(path) {
    return this.page.screenshot({ path });
  }
}
