// Firefox without a screen, driven over Marionette: numbered commands in JSON on a TCP connection, each text
// with its length before it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { freePort, until } from './testrun.mjs';

/** A page draws what is looked for a moment after it was opened. */
const findMs = 10_000;
const commandType = 0;
const rightButton = 2;
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

export class Firefox {
  #received = Buffer.alloc(0);
  #asked = new Map();
  #lastId = 0;

  /** `program` with a profile of its own; `preferences` by name. */
  static async start(run, { program, preferences = {} }) {
    const port = await freePort();
    const profile = run.path('firefox', 'profile');
    mkdirSync(profile, { recursive: true });
    const all = { ...quiet, ...preferences, 'marionette.port': port };
    const lines = Object.entries(all).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    writeFileSync(`${profile}/user.js`, lines.join('\n'));
    const args = ['--headless', '--no-remote', '--profile', profile, '--marionette', '-remote-allow-system-access'];
    const env = { ...process.env, HOME: run.path('firefox'), MOZ_DISABLE_CONTENT_SANDBOX: '1' };
    const child = run.start('firefox', program, args, { env });
    const firefox = new Firefox();
    firefox.socket = await until('Firefox listens', () => connected(port), 60);
    run.onEnd(async () => firefox.socket.destroy());
    firefox.socket.on('data', (bytes) => firefox.#take(bytes));
    firefox.child = child;
    await firefox.call('WebDriver:NewSession');
    await firefox.call('WebDriver:SetTimeouts', { implicit: findMs });
    return firefox;
  }

  call(name, parameters = {}) {
    const id = ++this.#lastId;
    const text = JSON.stringify([commandType, id, name, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => this.#asked.set(id, { name, resolve, reject }));
  }

  /** The folder of an unpacked add-on, as "Load Temporary Add-on" takes it. Answers its id. */
  async install(folder) {
    return (await this.call('Addon:Install', { path: folder, temporary: true })).value;
  }

  /** Without asking what becomes of downloads. */
  async quit() {
    await this.call('Marionette:Quit', { flags: ['eForceQuit'] });
    await this.child.ended;
  }

  goto(url) {
    return this.call('WebDriver:Navigate', { url });
  }

  /** Opens an empty tab, in which all that follows is done. */
  async newTab() {
    const { handle } = await this.call('WebDriver:NewWindow', { type: 'tab', focus: true });
    await this.call('WebDriver:SwitchToWindow', { handle });
  }

  /** Runs in the page. */
  async inPage(run, ...args) {
    return (await this.call('WebDriver:ExecuteScript', { script: `return (${run})(...arguments)`, args })).value;
  }

  /** Runs with the rights of the browser itself. */
  async inBrowser(run, ...args) {
    await this.call('Marionette:SetContext', { value: 'chrome' });
    try {
      return await this.inPage(run, ...args);
    } finally {
      await this.call('Marionette:SetContext', { value: 'content' });
    }
  }

  async find(selector) {
    const { value } = await this.call('WebDriver:FindElement', { using: 'css selector', value: selector });
    return value[elementKey];
  }

  async click(selector) {
    await this.call('WebDriver:ElementClick', { id: await this.find(selector) });
  }

  async fill(selector, text) {
    const id = await this.find(selector);
    await this.call('WebDriver:ElementClear', { id });
    await this.call('WebDriver:ElementSendKeys', { id, text });
  }

  /** Waits until the page says it. */
  async says(text, seconds) {
    return until(`the page says ${text}`, () => this.inPage((wanted) => document.body.innerText.includes(wanted), text), seconds);
  }

  /** Opens the menu of what is there and chooses the line `label`. */
  async chooseFromMenu(selector, label) {
    const origin = { [elementKey]: await this.find(selector) };
    const press = [{ type: 'pointerMove', x: 0, y: 0, origin }, { type: 'pointerDown', button: rightButton }, { type: 'pointerUp', button: rightButton }];
    await this.call('WebDriver:PerformActions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: press }] });
    await until(`the menu has ${label}`, () => this.inBrowser(itemIn('() => true'), label));
    await this.inBrowser(itemIn('(menu, item) => menu.activateItem(item)'), label);
  }

  #take(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.subarray(0, colon));
      if (colon < 0 || this.#received.length < end) return;
      this.#heard(JSON.parse(this.#received.subarray(colon + 1, end)));
      this.#received = this.#received.subarray(end);
    }
  }

  /** The first message only greets. */
  #heard(message) {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message;
    const { name, resolve, reject } = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) reject(new Error(`${name}: ${error.error}: ${error.message}`));
    else resolve(result);
  }
}

/** Nothing is fetched that no test asked for. */
const quiet = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'messaging-system.rsexperimentloader.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,none',
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** A function for the browser: `then(menu, item)` with the line of that name in the menu that is open, false when there is none. */
function itemIn(then) {
  return `(label) => {
    const menu = document.getElementById('contentAreaContextMenu');
    const item = menu.state === 'open' && [...menu.querySelectorAll('menuitem')].find((item) => item.label === label && !item.hidden);
    return item ? (${then})(menu, item) ?? true : false;
  }`;
}

function connected(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}
