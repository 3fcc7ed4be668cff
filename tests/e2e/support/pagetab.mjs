// A tab of the page in a real browser, as the tests of the page use it.
import assert from 'node:assert/strict';

/** Runs in the page: what its policy stopped, and what went wrong in it. */
function watchTrouble() {
  window.trouble = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.trouble.push(`${violatedDirective} ${blockedURI}`));
  window.addEventListener('error', ({ message }) => window.trouble.push(message));
}

/** A tab of the page. `scene` has the browser, the `base` address of the hub and a `token` that outlives it. */
export class Tab {
  static async open(scene, options = {}) {
    const context = await scene.browser.newContext({ viewport: { width: 1180, height: 760 }, acceptDownloads: true, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.addInitScript(watchTrouble);
    return new Tab(scene, context, page);
  }

  constructor(scene, context, page) {
    Object.assign(this, { scene, context, page });
  }

  /** With a token that outlives the server. */
  async signIn(token = this.scene.token) {
    await this.page.goto(this.scene.base);
    await this.page.locator('#token').fill(token);
    await this.page.keyboard.press('Enter');
    await this.isLive();
  }

  isLive() {
    return this.page.locator('.badge.connected').waitFor();
  }

  async goTo(view) {
    await this.page.evaluate((hash) => (location.hash = hash), `#/${view}`);
    await this.page.locator(`nav a[href="#/${view.split('/')[0]}"][aria-current=page]`).waitFor();
  }

  row(id) {
    return this.page.locator(`tr[data-job="${id}"]`);
  }

  inState(id, state) {
    return this.page.locator(`tr[data-job="${id}"][data-state=${state}]`).waitFor();
  }

  /** As text pasted while `selector` has the focus, or nothing has. */
  paste(text) {
    return this.page.evaluate((pasted) => {
      const data = new DataTransfer();
      data.setData('text/plain', pasted);
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Every row as it is shown, in one line each. */
  rows() {
    return this.page.locator('tr[data-job]').evaluateAll((rows) => rows.map((row) => `${row.dataset.job} ${row.dataset.state} ${row.innerText.replace(/\s+/g, ' ')}`));
  }

  async hadNoTrouble() {
    assert.deepEqual(await this.page.evaluate(() => window.trouble), []);
  }

  close() {
    return this.context.close();
  }
}
