// The web downloader's protocol, used by a page of another origin in Chromium that is written the way that
// system's documents do it, on that system's two ports, against a real nginx.
//
//     node idm.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with playwright-core and ajv; OUTPUT is not used. Ends with
// exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { OtherOrigin, openChromium } from './support/otherorigin.mjs';
import { request } from './support/request.mjs';
import { runRows } from './support/rows.mjs';
import { Schemas } from './support/schemas.mjs';
import { freePort, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const fileSize = 16 * MiB + 321;
const bytesPerSecond = MiB; // of each of the eight connections
const pageFile = fileURLToPath(new URL('./support/idmpage.html', import.meta.url));

const numbers = ['id', 'status', 'progress', 'downloaded', 'total', 'speed', 'eta'];
const entry = ['id', 'url', 'title', 'status', 'progress', 'downloaded', 'total', 'speed', 'eta', 'filename', 'error'];

const [programs, web] = process.argv.slice(2).map((argument) => path.resolve(argument));
const schemas = new Schemas();

/** The page as someone sees it, with every message it got and how its socket ended. */
class Page {
  messages = [];
  closeCode = null;

  static async open(scene, { site = scene.site, token } = {}) {
    const page = new Page();
    page.tab = await (await scene.browser.newContext()).newPage();
    await page.tab.exposeFunction('sawMessage', (text) => page.messages.push(text));
    await page.tab.exposeFunction('sawClose', (code) => (page.closeCode = code));
    const query = new URLSearchParams({ api: `127.0.0.1:${scene.daemon.port}`, socket: `127.0.0.1:${scene.socketPort}`, ...(token && { token }) });
    await page.tab.goto(`${site.origin}/?${query}`);
    return page;
  }

  /** Calls one of the page's functions: its result, or `{failed}` when the browser did not let it. */
  async call(name, ...args) {
    const run = ([name, args]) => window[name](...args).catch((error) => ({ failed: error.name }));
    const result = await this.tab.evaluate(run, [name, args]);
    if (Array.isArray(result)) schemas.check('idm.List', result);
    if (result?.id) schemas.check('idm.Started', result);
    return result;
  }

  of(id) {
    return this.messages.map((text) => JSON.parse(text)).filter((message) => message.id === id);
  }

  shows(id, text) {
    return this.tab.locator(`#download-${id}`).filter({ hasText: text }).waitFor();
  }

  /** Everything that it got was as the schema says. */
  async close() {
    await this.tab.context().close();
    for (const text of this.messages) schemas.check('idm.Message', JSON.parse(text));
  }
}

async function main(run, rows) {
  const scene = await prepare(run);
  await worksUnchanged(scene, rows);
  await keepsTheDoor(scene, rows);
  await keepsFormsOut(scene, rows);
  await fencesOwners(scene, rows);
  await needsAllowOrigin(scene, rows);
}

async function prepare(run) {
  const server = await FileServer.start(run, { name: 'image.bin', size: fileSize, bytesPerSecond });
  const site = await OtherOrigin.start(run, pageFile);
  const stranger = await OtherOrigin.start(run, pageFile);
  const socketPort = await freePort();
  const options = ['--log-level', 'debug', '--allow-origin', site.origin, '--listen', `127.0.0.1:${socketPort}`];
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options });
  await daemon.start();
  const browser = await openChromium(run, web);
  const scene = { run, server, site, stranger, daemon, socketPort, browser };
  scene.token = await tokenFor(daemon, 'page');
  return scene;
}

async function tokenFor(daemon, ...options) {
  const { code, lines } = await daemon.ctl('--json', 'token', 'add', ...options);
  assert.equal(code, 0, lines.join('\n'));
  return JSON.parse(lines.join('\n')).token;
}

const jobCount = async ({ daemon }) => JSON.parse((await daemon.ctl('list', '--json')).lines.join('\n') || '[]').length;

async function worksUnchanged(scene, rows) {
  const { server, daemon, token } = scene;
  let id;
  await rows.run('a download is added, seen in motion and done', async () => {
    const page = await Page.open(scene, { token });
    await daemon.ctl('limit', '1M'); // it runs for as long as a busy machine needs to open a page
    const added = await page.call('startDownload', server.url, 'größe.bin');
    assert.deepEqual(added, { id: 1, status: 'started' });
    id = added.id;
    await page.shows(id, '%');
    const late = await Page.open(scene, { token });
    await late.shows(id, 'downloading'); // told at once of what runs already
    await daemon.ctl('limit', '0');
    await page.shows(id, 'done: größe.bin');
    await late.shows(id, 'done: größe.bin');
    assertStory(page.of(id));
    assert.equal(late.of(id).at(-1).done, true);
    await Promise.all([page.close(), late.close()]);
  });
  await rows.run('the file comes through /file with the same bytes', async () => {
    const page = await Page.open(scene, { token });
    assert.equal(await page.call('fetchFile', id), server.sha256);
    assert.ok(readdirSync(daemon.downloads).includes('größe.bin'));
    await page.close();
  });
  await rows.run('a failed download is told with its reason', async () => {
    const page = await Page.open(scene, { token });
    const added = await page.call('startDownload', `http://127.0.0.1:${server.port}/absent.bin`);
    await page.shows(added.id, 'error:');
    const last = page.of(added.id).at(-1);
    assert.deepEqual(Object.keys(last), ['id', 'status', 'error']);
    assert.match(last.error, /404/);
    await page.close();
  });
  await rows.run('the list has the newest first, in pages', async () => {
    const page = await Page.open(scene, { token });
    const list = await page.call('loadList', 1, 50);
    assert.deepEqual(list.map((item) => item.status), ['error', 'completed']);
    for (const item of list) assert.deepEqual(Object.keys(item), entry);
    assert.ok(list.every((item) => Object.values(item).every((value) => value !== null)));
    assert.equal(list[1].url, server.url);
    assert.equal(list[1].progress, 100);
    assert.equal(list[1].total, fileSize);
    assert.deepEqual((await page.call('loadList', 2, 1)).map((item) => item.id), [id]);
    await page.close();
  });
  await rows.run('the dashboard and the socket share /', async () => {
    for (const port of [daemon.port, scene.socketPort]) {
      const { status, headers } = await request({ port, path: '/' });
      assert.equal(status, 200);
      assert.match(headers['content-type'], /text\/html/);
    }
  });
}

/** From queued to done: numbers only, never backwards, and at most ten a second. */
function assertStory(messages) {
  const done = messages.pop();
  assert.deepEqual(Object.keys(done), ['id', 'done', 'filename']);
  for (const message of messages) {
    assert.deepEqual(Object.keys(message), numbers);
    for (const name of numbers.filter((name) => name !== 'status')) assert.equal(typeof message[name], 'number', name);
    assert.ok(message.progress >= 0 && message.progress <= 100);
  }
  const statuses = messages.map((message) => message.status).filter((status, i, all) => status !== all[i - 1]);
  assert.deepEqual(statuses, ['queued', 'downloading', 'completed']);
  const progress = messages.map((message) => message.progress);
  assert.deepEqual(progress, [...progress].sort((a, b) => a - b));
  assert.ok(new Set(progress).size > 5, progress.join(' '));
  const seconds = fileSize / bytesPerSecond; // it takes less, with all connections
  assert.ok(messages.length <= 10 * seconds + 5, `${messages.length} messages`);
}

async function keepsTheDoor(scene, rows) {
  const before = await jobCount(scene);
  await rows.run('without a token the page is told so', async () => {
    const page = await Page.open(scene);
    assert.equal((await page.call('startDownload', scene.server.url)).status, 401);
    await until('the socket closes', () => page.closeCode !== null);
    assert.equal(page.closeCode, 1008);
    assert.deepEqual(JSON.parse(page.messages[0]), { id: 0, status: 'error', error: 'Not logged in: a valid token is needed' });
    assert.equal(page.messages.length, 1);
    await page.close();
  });
  await rows.run('the token may come as a subprotocol', async () => {
    const page = await Page.open(scene, { token: scene.token });
    const opens = ([port, token]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/`, ['dray.v1', `dray.bearer.${token}`]);
        socket.onclose = (event) => resolve(event.code);
        socket.onopen = () => resolve(socket.protocol);
      });
    assert.equal(await page.tab.evaluate(opens, [scene.socketPort, scene.token]), 'dray.v1');
    await page.close();
  });
  await rows.run('no token is in the log', async () => {
    const log = scene.daemon.lines.join('\n');
    assert.ok(!log.includes(scene.token));
    assert.ok(!log.includes('token='), log);
  });
  await rows.run('a wrong token is told so too', async () => {
    const page = await Page.open(scene, { token: 'guess' });
    await until('the socket closes', () => page.closeCode !== null);
    assert.equal(page.closeCode, 1008);
    await page.close();
  });
  await rows.run('a page that may only read cannot add', async () => {
    const page = await Page.open(scene, { token: await tokenFor(scene.daemon, 'reader', '--scope', 'read') });
    assert.equal((await page.call('startDownload', scene.server.url)).status, 403);
    assert.equal((await page.call('loadList', 1, 50)).length, before);
    await page.close();
  });
  await rows.run('a page of another origin gets nothing, with the token too', () => getsNothing(scene, scene.stranger));
  assert.equal(await jobCount(scene), before);
}

async function getsNothing(scene, site) {
  const page = await Page.open(scene, { site, token: scene.token });
  assert.deepEqual(await page.call('startDownload', scene.server.url), { failed: 'TypeError' });
  assert.deepEqual(await page.call('loadList', 1, 50), { failed: 'TypeError' });
  await until('the socket is refused', () => page.closeCode !== null);
  assert.equal(page.closeCode, 1006); // HTTP 403 before any upgrade
  assert.deepEqual(page.messages, []);
  await page.close();
}

async function keepsFormsOut(scene, rows) {
  const before = await jobCount(scene);
  const body = JSON.stringify({ url: scene.server.url, filename: 'form.bin' });
  for (const [name, site, status] of [['an allowed', scene.site, 415], ['another', scene.stranger, 403]])
    await rows.run(`a form of ${name} origin cannot add`, async () => {
      const page = await Page.open(scene, { site, token: scene.token });
      const answered = page.tab.waitForResponse((response) => response.url().includes('/download'));
      await page.tab.evaluate(submitForm, { action: `http://127.0.0.1:${scene.daemon.port}/download?token=${scene.token}`, body });
      assert.equal((await answered).status(), status);
      await page.close();
    });
  await rows.run('a file name leads nowhere else', async () => {
    const page = await Page.open(scene, { token: scene.token });
    for (const name of ['../out.bin', '/tmp/out.bin', 'a/b.bin', '..'])
      assert.equal((await page.call('startDownload', scene.server.url, name)).status, 400, name);
    await page.close();
  });
  assert.equal(await jobCount(scene), before);
}

/** Runs in the page: a form whose text is JSON, as those who forge requests write it. */
function submitForm({ action, body }) {
  const form = document.createElement('form');
  form.method = 'POST';
  form.enctype = 'text/plain';
  form.action = action;
  const [name, value] = [body.slice(0, -1), '"x":1}'];
  const input = document.createElement('input');
  input.name = `${name},"y":"`;
  input.value = `",${value}`;
  form.append(input);
  document.body.append(form);
  form.submit();
}

async function fencesOwners(scene, rows) {
  await rows.run('a fenced token sees only its own', async () => {
    const page = await Page.open(scene, { token: await tokenFor(scene.daemon, 'eve', '--owner', 'eve') });
    const other = await Page.open(scene, { token: scene.token });
    assert.deepEqual(await page.call('loadList', 1, 50), []);
    const theirs = await other.call('startDownload', scene.server.url, 'theirs.bin');
    const hers = await page.call('startDownload', scene.server.url, 'hers.bin');
    await page.shows(hers.id, 'done: hers.bin');
    await other.shows(theirs.id, 'done: theirs.bin');
    assert.deepEqual(page.of(theirs.id), []);
    assert.deepEqual(other.of(hers.id), []);
    assert.deepEqual((await page.call('loadList', 1, 50)).map((item) => item.id), [hers.id]);
    assert.equal(await page.call('fetchFile', hers.id), scene.server.sha256);
    assert.notEqual(await page.call('fetchFile', theirs.id), scene.server.sha256);
    await Promise.all([page.close(), other.close()]);
  });
}

async function needsAllowOrigin(scene, rows) {
  await rows.run('without --allow-origin the same page gets nothing', async () => {
    await scene.daemon.stop();
    scene.daemon.options = ['--listen', `127.0.0.1:${scene.socketPort}`];
    await scene.daemon.start();
    await getsNothing(scene, scene.site);
  });
}

await runRows('idm', main, 'the web downloader');
