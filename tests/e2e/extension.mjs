// The companion extension in real Chromium against a real drayd: pairing, popup, menus, the browser's own
// downloads, films on pages, and a worker that the browser ends when it likes.
//
//     node extension.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with playwright-core and axe-core; OUTPUT gets
// pictures, in light and dark, and axe-core finds nothing in what they show. Ends with exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { violations } from './support/axe.mjs';
import { Companion } from './support/companion.mjs';
import { Daemon } from './support/daemon.mjs';
import { DownloadSite } from './support/downloadsite.mjs';
import { MuteWire } from './support/mutewire.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
/** It reads a thousand modules before it begins, twice; a busy machine takes its time. */
const ytDlpSeconds = 90;
const [programs, web, output] = process.argv.slice(2).map((argument) => path.resolve(argument));

const pages = {
  '/': `<title>Files</title>
    <a id="big" href="/big.bin">big</a> <a id="named" href="/named.bin" download="given.bin">named</a>
    <a id="small" href="/small.bin">small</a> <a id="held" href="/held.bin" download>held</a>
    <a id="away" href="/away.bin">away</a> <a id="killed" href="/killed.bin">killed</a> <a id="stopped" href="/stopped.bin">stopped</a>
    <a id="closed" href="/closed.bin">closed</a> <a id="off" href="/off.bin">off</a>
    <form method="post" action="/form.bin"><button id="form">form</button></form>
    <a id="blob" download="blob.txt">blob</a>
    <script>blob.href = URL.createObjectURL(new Blob(['x'.repeat(2000000)]))</script>
    <p id="list"><a href="/one.bin">one</a> <a href="/two.bin">two</a> <a href="mailto:me@example.org">mail</a></p>`,
  '/film': `<title>A talk</title><script>fetch('/talk.m3u8').then((answer) => answer.text())</script>`,
};

async function main(run, rows) {
  mkdirSync(output, { recursive: true });
  mkdirSync(run.path('www'));
  makeStream(run.path('www'));
  const port = await freePort();
  const daemon = new Daemon(run, { programs, name: 'main', port });
  const wire = await MuteWire.start(run, port);
  const site = await DownloadSite.start(run, { folder: run.path('www'), pages, guarded: /^\/talk/ });
  await daemon.start();
  const from = await exported(run, rows, daemon);
  const leads = { web, from, hubPort: port, wirePort: wire.port };
  await asksForLittle(run, rows, leads);
  const granted = { ...leads, name: 'browser', grants: 'all' };
  const companion = await Companion.start(run, granted);
  const scene = { run, rows, daemon, wire, site, companion };
  await pairs(scene);
  await showsJobs(scene);
  await takesFromMenus(scene);
  await catchesDownloads(scene);
  await tellsAndOpens(scene);
  await leavesDownloads(scene);
  await closesItsStorage(scene);
  await switchesOffInTheMiddle(scene);
  await survivesKills(scene);
  await survivesTheBrowsersEnd(scene, granted);
  await findsFilms(scene);
  await sleepsAndWakes(scene);
  await remembers(scene);
  await isShutOut(scene);
}

function makeStream(folder) {
  const film = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=4', '-f', 'lavfi', '-i', 'sine=duration=4'];
  const stream = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-f', 'hls', '-hls_time', '2', '-hls_list_size', '0'];
  execFileSync('ffmpeg', ['-loglevel', 'error', ...film, ...stream, path.join(folder, 'talk.m3u8')]);
}

/** The folder that a user loads. */
async function exported(run, rows, daemon) {
  const folder = run.path('exported');
  await rows.run('drayctl puts it into a folder, and says how to load it', async () => {
    const { code, lines } = await daemon.ctl('extension', folder);
    assert.equal(code, 0, lines.join('\n'));
    assert.ok(lines.join('\n').includes(`choose ${folder}/chromium`));
    for (const browser of ['chromium', 'firefox']) assert.ok(readdirSync(path.join(folder, browser)).includes('manifest.json'));
    assert.equal((await daemon.ctl('extension')).code, 2);
    assert.equal((await daemon.ctl('extension', '/proc/none')).code, 1);
  });
  return path.join(folder, 'chromium');
}

async function asksForLittle(run, rows, leads) {
  const companion = await Companion.start(run, { ...leads, name: 'fresh', grants: 'none', language: 'de' });
  await rows.run('as installed it has no way to downloads, cookies, requests, notices or pages', async () => {
    const names = ['downloads', 'cookies', 'webRequest', 'notifications'];
    assert.deepEqual(await companion.inWorker((all) => all.filter((name) => chrome[name]), names), []);
    assert.equal(await companion.inWorker(() => chrome.permissions.contains({ origins: ['*://*/*'] })), false);
  });
  await rows.run('its pages speak German too', async () => {
    const popup = await companion.open('popup.html');
    await popup.getByText('Nicht gekoppelt').waitFor();
    const options = await companion.open('options.html');
    await options.getByRole('button', { name: 'Mit Dray koppeln' }).waitFor();
    await looksWell(options, 'extension-german', { width: 760, height: 960 });
  });
  await companion.context.close();
}

async function pairs({ rows, daemon, companion }) {
  await rows.run('before pairing the popup says so, and offers it', async () => {
    const popup = await companion.open('popup.html');
    await popup.getByText('Not paired').waitFor();
    await looksWell(popup, 'extension-unpaired', { width: 380, height: 160 });
    await popup.close();
  });
  await rows.run('a wrong address is not taken, a right one is', async () => {
    const options = await companion.open('options.html');
    await options.getByLabel('Address of Dray').fill('http://example.org:8765');
    await options.getByRole('button', { name: 'Use it' }).click();
    await options.getByText('needs https').waitFor();
    await options.getByLabel('Address of Dray').fill(`localhost:${daemon.port}`);
    await options.getByRole('button', { name: 'Use it' }).click();
    await options.getByRole('button', { name: 'Use it' }).waitFor({ state: 'detached' });
    await options.close();
  });
  await rows.run('both sides show the code, and a yes lets it in with four scopes', async () => {
    const options = await companion.open('options.html#pair');
    const code = (await options.locator('.code').textContent()).replace(' ', '');
    assert.match(code, /^\d{6}$/);
    await looksWell(options, 'extension-pairing', { width: 760, height: 420 });
    const { code: exit, lines } = await daemon.ctl('pair', '--code', code);
    assert.equal(exit, 0, lines.join('\n'));
    await options.getByText(`Paired with Dray at http://localhost:${daemon.port}`).waitFor();
    const [token] = JSON.parse((await daemon.ctl('token', 'list', '--json')).lines.join(''));
    assert.equal(token.name, 'Extension in Chromium');
    assert.deepEqual(token.scopes, ['read', 'control', 'add', 'report']);
    await options.close();
  });
}

async function showsJobs({ rows, daemon, site, companion }) {
  site.putFile('shown.bin', 24 * MiB, MiB / 8);
  const { job } = await asked(daemon, 'POST', '/api/v1/jobs', { kind: 'download', url: `${site.url}/shown.bin` });
  const popup = await companion.open('popup.html');
  const row = popup.locator(`[data-job="${job.id}"]`);
  const done = () => row.locator('progress').getAttribute('value').then(Number);
  await rows.run('the popup shows progress as it comes', async () => {
    await popup.getByText('Live', { exact: true }).waitFor();
    const first = await until('bytes are shown', async () => await done());
    await until('more bytes are shown', async () => (await done()) > first);
    await looksWell(popup, 'extension-popup', { width: 380, height: 300 });
  });
  await rows.run('the badge counts what runs', () => until('the badge says 1', async () => (await companion.badge()) === '1'));
  await rows.run('pause, resume and cancel do what they say', async () => {
    await row.getByRole('button', { name: 'Pause: shown.bin' }).press('Enter');
    await popup.locator(`[data-job="${job.id}"][data-state=paused]`).waitFor();
    await until('the badge is empty', async () => (await companion.badge()) === '');
    await row.getByRole('button', { name: 'Resume: shown.bin' }).click();
    await popup.locator(`[data-job="${job.id}"][data-state=running]`).waitFor();
  });
  await rows.run('the key that asks to cancel is the one that says yes', async () => {
    await row.getByRole('button', { name: 'Cancel: shown.bin' }).press('Enter');
    const focused = () => popup.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.equal(await focused(), 'Cancel for good?: shown.bin');
    await popup.keyboard.press('Enter');
    await popup.locator(`[data-job="${job.id}"][data-state=canceled]`).waitFor();
  });
  await popup.close();
}

async function takesFromMenus({ rows, daemon, site, companion }) {
  for (const name of ['linked.bin', 'one.bin', 'two.bin']) site.putFile(name, 1000, MiB);
  await companion.site.goto(site.url);
  await rows.run('the link of a menu is fetched with cookie and referer', async () => {
    await companion.clickMenu({ menuItemId: 'link', linkUrl: `${site.url}/linked.bin` });
    await succeeded(daemon, `${site.url}/linked.bin`);
    const { headers } = site.asked('linked.bin').at(-1);
    assert.equal(headers.cookie, 'who=me');
    assert.equal(headers.referer, `${site.url}/`);
  });
  await rows.run('all links of a selection are fetched, once each', async () => {
    await companion.site.evaluate(() => getSelection().selectAllChildren(document.getElementById('list')));
    await companion.clickMenu({ menuItemId: 'selection', selectionText: 'one two mail' });
    await succeeded(daemon, `${site.url}/one.bin`);
    await succeeded(daemon, `${site.url}/two.bin`);
    assert.equal((await jobsOf(daemon)).length, 4);
  });
}

async function catchesDownloads(scene) {
  const { rows, daemon, site, companion } = scene;
  const digest = site.putFile('big.bin', 3 * MiB, 2 * MiB);
  await rows.run('a caught download is Dray’s alone, with all that the browser would have said', async () => {
    await switchOn(companion, 'Hand downloads to Dray');
    await companion.site.click('#big');
    const job = await succeeded(daemon, `${site.url}/big.bin`);
    assert.equal(sha256(job.target), digest);
    await isOver(companion);
    assert.deepEqual(await companion.browserItems(`${site.url}/big.bin`), []);
    assert.deepEqual(companion.filesOfBrowser(), []);
    const [mine, drays] = [site.asked('big.bin')[0], site.asked('big.bin').at(-1)];
    for (const name of ['cookie', 'referer', 'user-agent', 'accept-language']) assert.equal(drays.headers[name], mine.headers[name], name);
  });
  await rows.run('the name a page gives to a file is kept', async () => {
    site.putFile('named.bin', 2 * MiB, 4 * MiB);
    await companion.site.click('#named');
    const job = await succeeded(daemon, `${site.url}/named.bin`);
    assert.equal(path.basename(job.target), 'given.bin');
    await isOver(companion);
  });
}

async function tellsAndOpens({ rows, daemon, site, companion }) {
  await rows.run('the end of a download is told, once', async () => {
    site.putFile('told.bin', MiB, MiB);
    await daemon.ctl('add', '--paused', `${site.url}/told.bin`);
    const [{ id }] = await jobsWith(daemon, `${site.url}/told.bin`);
    const unfinished = async () => (await chrome.storage.session.get('unfinished')).unfinished ?? [];
    await until('what ended before is behind it', async () => (await companion.inWorker(unfinished)).join() === id);
    await switchOn(companion, 'Tell me when a download has ended');
    await daemon.ctl('resume', id);
    const told = () => companion.inWorker(async () => Object.keys(await chrome.notifications.getAll()));
    await until('it is told', async () => (await told()).length > 0);
    assert.deepEqual(await told(), [`dray-job-${id}`]);
  });
  await rows.run('a finished file is opened, and not caught again', async () => {
    const popup = await companion.open('popup.html');
    await popup.getByRole('button', { name: 'Open the file: big.bin' }).click();
    await until('the browser has it', () => companion.filesOfBrowser().includes('big.bin'));
    assert.equal((await jobsOf(daemon)).filter(({ title }) => title === 'big.bin').length, 1);
    await popup.close();
  });
}

async function closesItsStorage({ rows, companion }) {
  await rows.run('what the extension keeps is closed to its scripts in pages', async () => {
    const look = async (url) => {
      const [{ id: tabId }] = await chrome.tabs.query({ url });
      const read = () => chrome.storage.local.get().then(() => 'open', () => 'closed');
      return (await chrome.scripting.executeScript({ target: { tabId }, func: read }))[0].result;
    };
    assert.equal(await companion.inWorker(look, companion.site.url()), 'closed');
  });
}

async function switchesOffInTheMiddle({ rows, daemon, wire, site, companion }) {
  await rows.run('switched off in the middle of a hand-over: none stays open, and the file is there', async () => {
    const url = `${site.url}/off.bin`;
    site.putFile('off.bin', 2 * MiB, MiB);
    await isLive(companion);
    wire.mute();
    await companion.site.click('#off');
    await until('it is being handed over', async () => (await companion.journal()).length === 1);
    await switchOff(companion, 'Hand downloads to Dray');
    await isOver(companion);
    wire.unmute();
    await until('the browser has it', () => companion.filesOfBrowser().includes('off.bin'));
    for (const { id } of await jobsWith(daemon, url)) await daemon.ctl('cancel', id);
    await isLive(companion);
    await switchOn(companion, 'Hand downloads to Dray');
  });
}

async function leavesDownloads({ rows, daemon, site, companion }) {
  const sizes = { 'small.bin': 10_000, 'held.bin': 2 * MiB, 'away.bin': 2 * MiB, 'form.bin': 2 * MiB };
  for (const [name, size] of Object.entries(sizes)) site.putFile(name, size, 4 * MiB);
  const stays = async (name, click) => {
    const before = (await jobsOf(daemon)).length;
    await click();
    await until(`the browser has ${name}`, () => companion.filesOfBrowser().includes(name));
    assert.equal((await jobsOf(daemon)).length, before);
    assert.deepEqual(await companion.journal(), []);
  };
  // The page is as it was before take-over was switched on: nothing has loaded it again.
  await rows.run('a held key keeps it with the browser, also in a page that was open before', () =>
    stays('held.bin', () => companion.site.click('#held', { modifiers: ['Alt'] })));
  await rows.run('a small file stays with the browser', () => stays('small.bin', () => companion.site.click('#small')));
  await rows.run('the answer to a form stays, and is asked for once', async () => {
    await stays('form.bin', () => companion.site.click('#form'));
    assert.deepEqual(site.asked('form.bin').map(({ method }) => method), ['POST']);
  });
  await rows.run('what a script made stays', () => stays('blob.txt', () => companion.site.click('#blob')));
  await rows.run('with Dray down the browser downloads as ever', async () => {
    await daemon.stop();
    await companion.site.click('#away');
    await until('the browser has it', () => companion.filesOfBrowser().includes('away.bin'), 60);
    await isOver(companion);
    await daemon.start();
    assert.deepEqual(await jobsWith(daemon, `${site.url}/away.bin`), []);
  });
}

async function survivesKills({ rows, daemon, wire, site, companion }) {
  await rows.run('Dray killed before it could answer: one copy, in the browser', async () => {
    const digest = site.putFile('killed.bin', 3 * MiB, MiB);
    const url = `${site.url}/killed.bin`;
    await isLive(companion);
    wire.mute();
    await companion.site.click('#killed');
    await until('Dray has it, and nobody knows', async () => (await jobsWith(daemon, url)).length === 1);
    process.kill(daemon.pid, 'SIGKILL');
    await until('the kernel has ended it', () => !daemon.isRunning);
    wire.unmute();
    await until('the browser has it', () => companion.filesOfBrowser().includes('killed.bin'), 60);
    assert.equal(sha256(path.join(companion.downloads, 'killed.bin')), digest);
    await daemon.start();
    await isOver(companion, 90);
    assert.deepEqual(await jobsWith(daemon, url), []);
    assert.ok(!daemon.namesIn(daemon.downloads).includes('killed.bin'));
  }, { seconds: 200 });
  await rows.run('the worker stopped before Dray could answer: one copy, in Dray', async () => {
    const digest = site.putFile('stopped.bin', 2 * MiB, MiB);
    const url = `${site.url}/stopped.bin`;
    await isLive(companion);
    wire.mute();
    await companion.site.click('#stopped');
    await until('Dray has it, and nobody knows', async () => (await jobsWith(daemon, url)).length === 1);
    const page = await companion.stopWorker();
    wire.unmute();
    await companion.wakeWorker(page);
    await isOver(companion);
    const job = await succeeded(daemon, url);
    assert.equal(sha256(job.target), digest);
    assert.equal((await jobsWith(daemon, url)).length, 1);
    assert.deepEqual(await companion.browserItems(url), []);
  });
}

async function survivesTheBrowsersEnd(scene, leads) {
  const { run, rows, daemon, wire, site, companion } = scene;
  await rows.run('the browser closed before Dray could answer: one copy, in Dray', async () => {
    const digest = site.putFile('closed.bin', 2 * MiB, MiB);
    const url = `${site.url}/closed.bin`;
    await companion.site.goto(site.url);
    await isLive(companion);
    wire.mute();
    await companion.site.click('#closed');
    await until('Dray has it, and nobody knows', async () => (await jobsWith(daemon, url)).length === 1);
    await companion.context.close();
    wire.unmute();
    scene.companion = await Companion.start(run, leads);
    await isOver(scene.companion);
    const job = await succeeded(daemon, url);
    assert.equal(sha256(job.target), digest);
    assert.equal((await jobsWith(daemon, url)).length, 1);
    assert.deepEqual(await scene.companion.browserItems(url), []);
  });
}

async function findsFilms({ rows, daemon, site, companion }) {
  await rows.run('the stream of a page is found, and fetched as a film with the cookie of its site', async () => {
    await switchOn(companion, 'Find films and sound on pages');
    await companion.site.bringToFront();
    await until('it is found', async () => {
      await companion.site.goto(`${site.url}/film`); // again, should the worker not have looked yet
      return companion.inWorker(async () => JSON.stringify(await chrome.storage.session.get('media')).includes('talk.m3u8'));
    });
    const popup = await companion.open('popup.html');
    await popup.getByRole('button', { name: 'Download: talk.m3u8' }).click();
    await popup.getByText('Handed to Dray').waitFor();
    const job = await succeeded(daemon, `${site.url}/talk.m3u8`, ytDlpSeconds);
    assert.equal(job.kind, 'media');
    assert.equal(path.basename(job.target), 'A talk.mp4');
    assert.ok(site.asked('talk0.ts').length > 0); // each wants the cookie that the page set
    await looksWell(popup, 'extension-media', { width: 380, height: 560 });
    await popup.close();
  }, { seconds: 2 * ytDlpSeconds });
}

async function sleepsAndWakes({ rows, daemon, site, companion }) {
  await rows.run('a worker that was stopped shows what runs when it wakes', async () => {
    await companion.inWorker(() => chrome.alarms.clear('wake')); // the one that isLive() sees is the next worker's
    const page = await companion.stopWorker();
    site.putFile('slept.bin', 24 * MiB, MiB / 8);
    await daemon.ctl('add', `${site.url}/slept.bin`);
    await companion.wakeWorker(page);
    await until('the badge says 1', async () => (await companion.badge()) === '1');
    await isLive(companion);
  });
  await rows.run('its alarm wakes a stopped worker, where nobody else does', async () => {
    await companion.inWorker(() => chrome.alarms.create('wake', { when: Date.now() + 5000 }));
    const page = await companion.stopWorker();
    await until('it is awake', () => companion.isAwake(page));
    await page.close();
    await isLive(companion);
  });
  await rows.run('what waits for Dray can be discarded', async () => {
    await daemon.stop();
    await companion.clickMenu({ menuItemId: 'link', linkUrl: `${site.url}/unwanted.bin` });
    const popup = await companion.open('popup.html');
    await popup.getByText('Waiting for Dray: 1').waitFor();
    await popup.getByRole('button', { name: 'Discard' }).press('Enter');
    await popup.keyboard.press('Enter');
    await popup.getByText('Waiting for Dray: 1').waitFor({ state: 'detached' });
    await popup.close();
    await daemon.start();
    await isLive(companion);
    assert.deepEqual(await jobsWith(daemon, `${site.url}/unwanted.bin`), []);
  });
  await rows.run('what is chosen while Dray is down waits for it, also in a stopped worker', async () => {
    site.putFile('waited.bin', 1000, MiB);
    await daemon.stop();
    await companion.clickMenu({ menuItemId: 'link', linkUrl: `${site.url}/waited.bin` });
    const popup = await companion.open('popup.html');
    await popup.getByText('Waiting for Dray: 1').waitFor();
    await popup.getByText('Dray does not answer').waitFor();
    await looksWell(popup, 'extension-offline', { width: 380, height: 420 });
    await popup.close();
    const page = await companion.stopWorker();
    await daemon.start();
    await companion.wakeWorker(page);
    await succeeded(daemon, `${site.url}/waited.bin`);
    assert.equal((await jobsWith(daemon, `${site.url}/waited.bin`)).length, 1);
  });
}

/** Keys of idempotency are forgotten after a day: what was sent before is looked for. */
async function remembers({ rows, daemon, site, companion }) {
  await rows.run('what was sent days ago is looked for before it is sent again', async () => {
    site.putFile('fresh.bin', 1000, MiB);
    const [linked, one, two, fresh] = ['linked.bin', 'one.bin', 'two.bin', 'fresh.bin'].map((name) => `${site.url}/${name}`);
    const [gone] = await jobsWith(daemon, two);
    await daemon.ctl('remove', gone.id);
    const triedAt = Date.now() - 2 * 86_400_000;
    const hubUrl = `http://localhost:${daemon.port}`;
    const order = (url) => ({ hubUrl, kind: 'download', url, idem: `forgotten ${url}` });
    const journal = [{ phase: 'doubtful', download: 99_999, startTime: new Date(triedAt).toISOString(), orderedAt: triedAt, order: order(linked) }];
    const outbox = [one, two, fresh].map((url) => ({ order: order(url), triedAt }));
    await companion.inWorker((kept) => chrome.storage.local.set(kept), { journal, outbox });
    await companion.inWorker(() => chrome.alarms.create('wake', { when: Date.now() }));
    await succeeded(daemon, fresh);
    await isOver(companion);
    await until('nothing waits', () => companion.inWorker(async () => (await chrome.storage.local.get('outbox')).outbox.length === 0));
    const counts = [linked, one, two, fresh].map(async (url) => (await jobsWith(daemon, url)).length);
    assert.deepEqual(await Promise.all(counts), [1, 1, 0, 1]);
  });
}

async function isShutOut({ rows, daemon, companion }) {
  await rows.run('pictures of the settings', async () => {
    const options = await companion.open('options.html');
    await options.getByText('Paired with Dray').waitFor();
    await looksWell(options, 'extension-options', { width: 760, height: 960 });
    await options.close();
  });
  await rows.run('a revoked extension says so and stops knocking', async () => {
    const popup = await companion.open('popup.html');
    await popup.getByText('Live', { exact: true }).waitFor();
    const [token] = JSON.parse((await daemon.ctl('token', 'list', '--json')).lines.join(''));
    await daemon.ctl('token', 'revoke', token.id);
    await popup.getByText('Not let in').waitFor();
    await looksWell(popup, 'extension-shutout', { width: 380, height: 240 });
    await until('the badge says it', async () => (await companion.badge()) === '!');
    await popup.close();
  });
}

async function switchOn(companion, label) {
  await switchTo(companion, label, true);
}

async function switchOff(companion, label) {
  await switchTo(companion, label, false);
}

/** The page stays until what it was told is kept, and the worker has heard of it. */
async function switchTo(companion, label, isOn) {
  const options = await companion.open('options.html');
  const box = options.getByRole('switch', { name: label });
  await box.press(' ');
  const feature = await box.getAttribute('data-feature');
  const kept = async (name) => (await chrome.storage.local.get('settings')).settings?.[name] ?? false;
  await until('it is kept', async () => (await companion.inWorker(kept, feature)) === isOn);
  const watched = async () => (await chrome.scripting.getRegisteredContentScripts()).length > 0;
  if (feature === 'catches') await until('keys are watched or not', async () => (await companion.inWorker(watched)) === isOn);
  await options.close();
}

/** Waits until nothing is being handed over. */
function isOver(companion, seconds) {
  return until('no hand-over is open', async () => (await companion.journal()).length === 0, seconds);
}

/** Waits until the worker is connected: then it has no failures and looks again each minute. */
function isLive(companion) {
  const look = async () => ({ ...(await chrome.alarms.get('wake')), ...(await chrome.storage.session.get('failures')) });
  return until('the worker is connected', async () => {
    const { periodInMinutes, failures } = await companion.inWorker(look);
    return periodInMinutes === 1 && !failures;
  }, 60);
}

async function jobsOf(daemon) {
  return (await asked(daemon, 'GET', '/api/v1/jobs')).jobs;
}

async function jobsWith(daemon, url) {
  return (await jobsOf(daemon)).filter(({ source }) => source === url);
}

async function succeeded(daemon, url, seconds) {
  const job = await until(`${url} has ended`, async () => {
    const [found] = await jobsWith(daemon, url);
    return ['succeeded', 'failed'].includes(found?.state) && found;
  }, seconds);
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  return job;
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Pictures of the page, and nothing that axe-core can find. */
async function looksWell(page, name, size) {
  await page.setViewportSize(size);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: path.join(output, `${name}-${colorScheme}.png`) });
    assert.deepEqual(await violations(page, web), [], `${name} in ${colorScheme}`);
  }
}

await runRows('extension', main, 'the extension');
