// What pages in a browser on this machine can do to the hub: nothing. Real Chromium against a drayd that
// trusts local programs, so that only Host and Origin keep pages out; every attack has its counterpart that
// differs in that alone and works.
//
//     node attacks.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with playwright-core; OUTPUT is not used. Ends with
// exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { OtherOrigin, openChromium } from './support/otherorigin.mjs';
import { addSandboxedFrame, fetchAll, loadElement, openSockets, submitForm } from './support/pagecalls.mjs';
import { request } from './support/request.mjs';
import { httpRoutes, socketRoutes } from './support/routes.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const pageFile = fileURLToPath(new URL('./support/attackpage.html', import.meta.url));
const jsonType = { 'Content-Type': 'application/json' };
const absentJob = 999;
/** Runs nothing where it is text. `window.ran` tells where it was not. */
const markup = '<img src="x" onerror="window.ran = true"><script>window.ran = true</script>';

const [programs, web] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run, rows) {
  const scene = await prepare(run);
  await refusesOtherPages(scene, rows);
  await refusesAllowedLocalAccess(scene, rows);
  await refusesRebinding(scene, rows);
  await refusesForms(scene, rows);
  await refusesElements(scene, rows);
  await refusesFrames(scene, rows);
  await runsNothing(scene, rows);
}

async function prepare(run) {
  const site = await OtherOrigin.start(run, pageFile);
  const friend = await OtherOrigin.start(run, pageFile);
  const options = ['--trust-local', '--allow-origin', friend.origin, '--allow-host', 'known.test', '--log-level', 'debug'];
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options });
  await daemon.start();
  const browser = await openChromium(run, web, ['--host-resolver-rules=MAP *.test 127.0.0.1']);
  const scene = { run, site, friend, daemon, browser, base: `127.0.0.1:${daemon.port}`, token: daemon.endpoint().token };
  const { job } = await asked(daemon, 'POST', '/api/v1/jobs', { url: 'http://127.0.0.1:9/x.bin', paused: true });
  scene.job = job.id;
  return scene;
}

/** A tab of its own, on `url`. */
async function openTab(browser, url) {
  const tab = await (await browser.newContext()).newPage();
  await tab.goto(url);
  return tab;
}

/** All that a request could have changed. */
async function stateOf({ daemon }) {
  const [{ jobs }, { settings }] = [await asked(daemon, 'GET', '/api/v1/jobs'), await asked(daemon, 'GET', '/api/v1/settings')];
  const { result } = await asked(daemon, 'POST', '/api/v1/rpc', { jsonrpc: '2.0', id: 1, method: 'token.list', params: {} });
  return { jobs, settings, tokens: result.tokens };
}

/** Requests turned away so far for `reason`. */
async function refusals({ daemon }, reason) {
  const headers = { Authorization: `Bearer ${daemon.endpoint().token}` };
  const { text } = await request({ port: daemon.port, path: '/metrics', headers });
  return Number(new RegExp(`^dray_auth_failures_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** Runs `attack()`, after which everything is as it was, and `count` requests were refused for `reason`. */
async function changesNothing(scene, { reason, count }, attack) {
  const [before, refused] = [await stateOf(scene), await refusals(scene, reason)];
  const result = await attack();
  assert.deepEqual(await stateOf(scene), before);
  const more = (await refusals(scene, reason)) - refused;
  assert.ok(more >= count, `${more} refused for ${reason}, not ${count}: the attack did not arrive`);
  return result;
}

const socketUrls = (base) => socketRoutes().map((route) => `ws://${base}${route}`);

/** Every request a script can make, as someone who has the token. */
function boldRequests({ token }, base, job) {
  const headers = { Authorization: `Bearer ${token}`, ...jsonType };
  return httpRoutes(job).map(({ method, path }) => ({
    url: `http://${base}${path}`,
    options: { method, headers, ...(method === 'POST' && { body: '{}' }) },
  }));
}

/** Every request that a browser sends to another site without asking it first. */
function simpleRequests({ job }, base) {
  const routes = httpRoutes(job).filter(({ method }) => method === 'GET' || method === 'POST');
  return routes.map(({ method, path }) => ({
    url: `http://${base}${path}`,
    options: { method, mode: 'no-cors', ...(method === 'POST' && { body: '{"url":"http://127.0.0.1:9/y.bin"}' }) },
  }));
}

const subprotocols = ({ token }) => ['dray.v1', `dray.bearer.${token}`];

/** `frame` gets no socket, no answer and no effect, though it has the token. */
async function getsNothing(scene, frame, base = scene.base) {
  const urls = socketUrls(base);
  const bold = boldRequests(scene, base, scene.job);
  const simple = simpleRequests(scene, base);
  const posts = simple.filter(({ options }) => options.method === 'POST').length;
  await changesNothing(scene, { reason: 'origin', count: urls.length + bold.length + posts }, async () => {
    assert.deepEqual(await frame.evaluate(openSockets, { urls, protocols: subprotocols(scene) }), urls.map(() => 1006));
    for (const learned of await frame.evaluate(fetchAll, [...bold, ...simple])) assert.deepEqual(learned, { failed: 'TypeError' });
  });
}

/** The counterpart: the same calls open every socket and are all let in. */
async function getsAll(scene, frame, base = scene.base) {
  const urls = socketUrls(base);
  assert.deepEqual(await frame.evaluate(openSockets, { urls, protocols: subprotocols(scene) }), urls.map(() => 'open'));
  const bold = boldRequests(scene, base, absentJob);
  const learned = await frame.evaluate(fetchAll, bold);
  for (const [i, { status, failed }] of learned.entries()) {
    const { url, options } = bold[i];
    const isWhole = url.endsWith('/rpc') || (options.method === 'GET' && !url.includes(absentJob));
    assert.ok((isWhole ? [200] : [400, 404]).includes(status), `${options.method} ${url}: ${status ?? failed}`);
  }
}

async function refusesOtherPages(scene, rows) {
  const { browser, site, friend, base } = scene;
  const places = { 'another site': `http://evil.test:${site.port}/`, 'another port': site.origin, 'localhost on another port': `http://localhost:${site.port}/` };
  for (const [name, url] of Object.entries(places))
    await rows.run(`a page of ${name} gets nothing, with the token too`, async () => {
      const tab = await openTab(browser, url);
      await getsNothing(scene, tab);
      await tab.context().close();
    });
  await rows.run('a page without an origin (a sandboxed frame) gets nothing', async () => {
    const tab = await openTab(browser, friend.origin);
    await tab.evaluate(addSandboxedFrame);
    const frame = await until('the frame is there', () => tab.frames()[1]);
    assert.equal(await frame.evaluate(() => window.origin), 'null');
    await getsNothing(scene, frame);
    await tab.context().close();
  });
  const welcome = { 'our own page': `http://${base}/`, 'an allowed origin': friend.origin };
  for (const [name, url] of Object.entries(welcome))
    await rows.run(`counterpart: ${name} gets all of it`, async () => {
      const tab = await openTab(browser, url);
      await getsAll(scene, tab);
      await tab.context().close();
    });
}

/** A page of the public internet, to which the user has said yes when the browser asked. */
async function refusesAllowedLocalAccess(scene, rows) {
  const { run, site } = scene;
  const origin = `http://public.test:${site.port}`;
  const args = ['MAP *.test 127.0.0.1'].map((rule) => `--host-resolver-rules=${rule}`);
  args.push(`--ip-address-space-overrides=127.0.0.1:${site.port}=public`, `--unsafely-treat-insecure-origin-as-secure=${origin}`);
  await rows.run('a public page that may reach local programs gets nothing', async () => {
    const browser = await openChromium(run, web, args);
    const tab = await openTab(browser, origin);
    const before = await refusals(scene, 'origin');
    const urls = socketUrls(scene.base);
    await tab.evaluate(openSockets, { urls, protocols: subprotocols(scene) });
    assert.equal(await refusals(scene, 'origin'), before, 'without the yes the browser keeps it back');
    const { browserContextId } = (await (await tab.context().newCDPSession(tab)).send('Target.getTargetInfo')).targetInfo;
    const root = await browser.newBrowserCDPSession();
    await root.send('Browser.setPermission', { permission: { name: 'loopback-network' }, setting: 'granted', origin, browserContextId });
    await getsNothing(scene, tab);
    await tab.context().close();
  });
}

/**
 * The page of a name that led to its own server first and leads here from then on: to the browser the two are
 * one origin.
 */
async function openRebound(scene, name) {
  const { run, daemon, browser } = scene;
  await daemon.stop();
  const first = await OtherOrigin.start(run, pageFile, daemon.port);
  const tab = await openTab(browser, `http://${name}:${daemon.port}/`);
  await first.close();
  await daemon.start();
  scene.token = daemon.endpoint().token;
  return tab;
}

async function refusesRebinding(scene, rows) {
  const { port } = scene.daemon;
  await rows.run('a name that was bound anew gets nothing, with the token too', async () => {
    const base = `rebind.test:${port}`;
    const tab = await openRebound(scene, 'rebind.test');
    const [urls, bold] = [socketUrls(base), boldRequests(scene, base, scene.job)];
    await changesNothing(scene, { reason: 'host', count: urls.length + bold.length }, async () => {
      assert.deepEqual(await tab.evaluate(openSockets, { urls, protocols: subprotocols(scene) }), urls.map(() => 1006));
      for (const { status, text } of await tab.evaluate(fetchAll, bold)) {
        assert.equal(status, 403);
        assert.equal(JSON.parse(text).type, 'forbidden');
      }
    });
    await tab.context().close();
  });
  await rows.run('counterpart: a name that --allow-host names gets all of it', async () => {
    const tab = await openRebound(scene, 'known.test');
    await getsAll(scene, tab, `known.test:${port}`);
    await tab.context().close();
  });
}

const enctypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

/** The status that a form of the page at `url` gets for `action`. */
async function formStatus(tab, url, { action, enctype }) {
  await tab.goto(url);
  const arrived = tab.waitForNavigation();
  await tab.evaluate(submitForm, { action, enctype, text: '{"url":"http://127.0.0.1:9/form.bin"}' });
  const answer = await arrived;
  assert.equal(answer.url(), action);
  return answer.status();
}

async function refusesForms(scene, rows) {
  const { browser, site, friend, base, token } = scene;
  const routes = httpRoutes(scene.job).filter(({ method }) => method === 'POST');
  const actions = routes.map(({ path }) => `http://${base}${path}?token=${token}`);
  for (const enctype of enctypes) {
    await rows.run(`no form of another site changes anything: ${enctype}`, async () => {
      const tab = await openTab(browser, 'about:blank');
      await changesNothing(scene, { reason: 'origin', count: actions.length }, async () => {
        for (const action of actions) assert.equal(await formStatus(tab, `http://evil.test:${site.port}/`, { action, enctype }), 403, action);
      });
      await tab.context().close();
    });
    await rows.run(`nor does one of an allowed origin: ${enctype}`, async () => {
      const tab = await openTab(browser, 'about:blank');
      const before = await stateOf(scene);
      for (const action of actions) {
        const status = await formStatus(tab, friend.origin, { action, enctype });
        assert.ok([400, 401, 415].includes(status), `${action}: ${status}`);
      }
      const download = actions.find((action) => action.includes('/download'));
      assert.equal(await formStatus(tab, friend.origin, { action: download, enctype }), 415);
      assert.deepEqual(await stateOf(scene), before);
      await tab.context().close();
    });
  }
  await rows.run('counterpart: the same text as application/json from a program is done', async () => {
    const body = '{"url":"http://127.0.0.1:9/form.bin","x":"="}';
    const { status, json } = await request({ port: scene.daemon.port, method: 'POST', path: '/download', headers: jsonType, body });
    assert.equal(status, 200);
    assert.equal(json.status, 'started');
    await until('it has ended', async () => (await stateOf(scene)).jobs.every(({ state }) => !['queued', 'running'].includes(state)));
  });
}

/** Runs in the page. */
const goTo = (url) => window.location.assign(url);

async function refusesElements(scene, rows) {
  const { browser, site, base } = scene;
  const gets = httpRoutes(scene.job).filter(({ method }) => method === 'GET');
  await rows.run('nothing of ours can be an image or a script of another page', async () => {
    const tab = await openTab(browser, site.origin);
    const before = await stateOf(scene);
    for (const tag of ['img', 'script'])
      for (const path of [...gets.map((route) => route.path), '/icon.svg'])
        assert.equal(await tab.evaluate(loadElement, { tag, url: `http://${base}${path}` }), 'error', `${tag} ${path}`);
    assert.deepEqual(await stateOf(scene), before);
    assert.equal(await tab.evaluate(loadElement, { tag: 'script', url: `${site.origin}/empty.js` }), 'load');
    await tab.context().close();
  });
  await rows.run('counterpart: our own page loads its image', async () => {
    const tab = await openTab(browser, `http://${base}/`);
    assert.equal(await tab.evaluate(loadElement, { tag: 'img', url: `http://${base}/icon.svg` }), 'load');
    await tab.context().close();
  });
  await rows.run('a link of another site shows no list, though local programs are trusted', async () => {
    const tab = await openTab(browser, `http://evil.test:${site.port}/`);
    const answered = tab.waitForResponse((response) => response.url() === `http://${base}/list`);
    await tab.evaluate(goTo, `http://${base}/list`);
    assert.equal((await answered).status(), 401);
    assert.equal((await request({ port: scene.daemon.port, path: '/list' })).status, 200);
    await tab.context().close();
  });
}

/** Runs in the page: a frame that shows `url`. */
function addFrame(url) {
  const frame = document.createElement('iframe');
  frame.src = url;
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  document.body.append(frame);
  return loaded;
}

async function refusesFrames({ browser, site, friend, base }, rows) {
  const shown = async (outer, inner) => {
    const tab = await openTab(browser, outer);
    await tab.evaluate(addFrame, inner);
    const url = tab.frames()[1].url();
    await tab.context().close();
    return url;
  };
  const outers = { 'another site': `http://evil.test:${site.port}/`, 'another port': site.origin, 'an allowed origin': friend.origin, 'our own page': `http://${base}/` };
  for (const [name, outer] of Object.entries(outers))
    await rows.run(`the page cannot be framed by ${name}`, async () => {
      assert.match(await shown(outer, `http://${base}/`), /^(chrome-error:|about:blank$|$)/);
    });
  await rows.run('counterpart: a page that says nothing can be framed', async () => {
    assert.equal(await shown(site.origin, `${friend.origin}/`), `${friend.origin}/`);
  });
  await rows.run('who opens the page keeps no hold of it', async () => {
    const tab = await openTab(browser, site.origin);
    const popup = tab.waitForEvent('popup');
    await tab.evaluate((url) => void (window.held = window.open(url)), `http://${base}/`);
    await (await popup).waitForLoadState();
    assert.equal(await (await popup).evaluate(() => window.opener), null);
    assert.equal(await tab.evaluate(() => window.held.closed), true);
    await tab.context().close();
  });
}

/** Jobs whose every text is markup. */
async function addMarkedJobs({ daemon }) {
  const report = { title: `title ${markup}`, message: `message ${markup}`, steps: [{ title: `step ${markup}`, state: 'running' }], done: 1, total: 2 };
  await asked(daemon, 'POST', '/api/v1/rpc', { jsonrpc: '2.0', id: 1, method: 'job.report', params: { job: `id ${markup}`, ...report } });
  const url = `http://127.0.0.1:9/${encodeURIComponent(`address ${markup}`)}?${markup}#${markup}`;
  await asked(daemon, 'POST', '/api/v1/jobs', { url, name: `name ${markup.replaceAll('/', '')}`, paused: true });
  await asked(daemon, 'POST', '/api/v1/jobs', { url: `http://127.0.0.1:9/${markup}` }); // fails, with its address in the sentence
}

/** Runs in every page before its own scripts. */
function watchViolations() {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => window.violations.push(effectiveDirective));
}

/** Opens the details of one job after the other: each text is shown by one of them. */
async function seesDetails(tab, texts) {
  const names = tab.locator('[data-job] button[aria-expanded]');
  const missing = new Set(texts);
  for (let at = 0; at < (await names.count()); at++) {
    await names.nth(at).click();
    await tab.locator('#details').waitFor();
    for (const text of texts) if ((await tab.locator('#details').getByText(text).count()) > 0) missing.delete(text);
  }
  assert.deepEqual([...missing], []);
}

async function runsNothing(scene, rows) {
  const { browser, base, daemon } = scene;
  let tab;
  await rows.run('titles, addresses, names and messages are shown as they are written', async () => {
    await addMarkedJobs(scene);
    tab = await (await browser.newContext()).newPage();
    await tab.addInitScript(watchViolations);
    const { code, lines } = await daemon.ctl('page');
    assert.equal(code, 0, lines.join('\n'));
    await tab.goto(/http\S+/.exec(lines.join('\n'))[0]);
    for (const text of ['title <img', 'name <img']) await tab.getByText(text).first().waitFor();
    await seesDetails(tab, ['message <img', 'step <img']);
  });
  await rows.run('and nothing of them runs or becomes an element', async () => {
    assert.equal(await tab.evaluate(() => window.ran), undefined);
    assert.deepEqual(await tab.evaluate(() => window.violations), []);
    assert.equal(await tab.locator('img[src="x"], script:not([src]), [onerror]').count(), 0);
    assert.equal(await tab.locator('a[href^="javascript:" i], a[href^="data:" i]').count(), 0);
  });
  await rows.run('counterpart: markup that got into the page is stopped by its policy', async () => {
    await tab.evaluate((text) => document.body.insertAdjacentHTML('beforeend', text), markup);
    const inline = () => document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = true' }));
    await tab.evaluate(inline);
    await until('both are told', async () => (await tab.evaluate(() => window.violations)).length >= 2);
    assert.equal(await tab.evaluate(() => window.ran), undefined);
    assert.deepEqual(await tab.evaluate(fetchAll, [{ url: `${scene.site.origin}/` }]), [{ failed: 'TypeError' }]);
    await until('it is told', async () => (await tab.evaluate(() => window.violations)).includes('connect-src'));
  });
  await rows.run('addresses that run are refused', async () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', `http://${base}/list`]) {
      const { status } = await request({ port: daemon.port, method: 'POST', path: '/api/v1/jobs', headers: jsonType, body: JSON.stringify({ url }) });
      assert.ok([400, 403].includes(status), `${url}: ${status}`);
    }
  });
  await rows.run('no token is in the log', () => {
    assert.ok(daemon.lines.length > 1, 'something is logged');
    assert.ok(!daemon.lines.join('\n').includes(scene.token));
    assert.ok(!daemon.lines.some((line) => /token=|bearer/i.test(line)));
  });
}

await runRows('attacks', main, 'pages in a browser');
