// The companion extension in real Firefox against a real drayd: it is loaded as a user loads it, paired, takes
// a link from the menu of the browser, catches a download, and finds a film; the popup shows it all.
//
//     node firefox.mjs PROGRAMS WEB OUTPUT [FIREFOX]
//
// PROGRAMS holds drayd and drayctl; WEB is not used; OUTPUT gets pictures. FIREFOX is the browser, else
// firefox-esr. Ends with exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { DownloadSite } from './support/downloadsite.mjs';
import { Firefox } from './support/firefox.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs, , output] = process.argv.slice(2, 5).map((argument) => path.resolve(argument));
const program = process.argv[5] ?? 'firefox-esr';

/** It reads a thousand modules before it begins, twice; a busy machine takes its time. */
const ytDlpSeconds = 90;
/** Firefox gives every add-on a random address, unless it has one. */
const host = '0d1a7e5c-8f21-4b0f-9d3d-6a1c3e0e52b5';
const page = (name) => `moz-extension://${host}/${name}`;
const pages = {
  '/': '<title>Files</title><a id="link" href="/linked.bin">a file</a> <a id="caught" href="/caught.bin">another</a>',
  '/film': `<title>A talk</title><script>fetch('/talk.m3u8').then((answer) => answer.text())</script>`,
};

async function main(run, rows) {
  mkdirSync(output, { recursive: true });
  mkdirSync(run.path('www'));
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  makeStream(run.path('www'));
  const site = await DownloadSite.start(run, { folder: run.path('www'), pages, guarded: /^\/talk/ });
  const folder = path.join(run.path('exported'), 'firefox');
  await daemon.ctl('extension', run.path('exported'));
  const { id } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')).browser_specific_settings.gecko;
  const downloads = run.path('browser-downloads');
  mkdirSync(downloads);
  const firefox = await Firefox.start(run, { program, preferences: preferencesFor(id, downloads) });
  await rows.run('it loads as a temporary add-on', async () => assert.equal(await firefox.install(folder), id));
  await rows.run('it is paired when both sides show the same code', () => isPaired({ daemon, firefox }));
  await rows.run('the menu of a link hands it to Dray', () => handsOver({ daemon, firefox, site }));
  await rows.run('the popup is live and shows it', () => showsIt({ daemon, firefox }));
  await rows.run('a caught download is Dray’s alone', () => catches({ daemon, firefox, site, downloads }));
  await rows.run('the stream of a page is found, and fetched as a film with the cookie of its site', () => findsFilm({ daemon, firefox, site }), { seconds: 2 * ytDlpSeconds });
}

/** Firefox's questions for permissions are answered with yes, and files are kept without a question. */
function preferencesFor(id, downloads) {
  return {
    'extensions.webextensions.uuids': JSON.stringify({ [id]: host }),
    'extensions.webextOptionalPermissionPrompts': false,
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.download.alwaysOpenPanel': false,
  };
}

function makeStream(folder) {
  const film = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=4', '-f', 'lavfi', '-i', 'sine=duration=4'];
  const stream = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-f', 'hls', '-hls_time', '2', '-hls_list_size', '0'];
  execFileSync('ffmpeg', ['-loglevel', 'error', ...film, ...stream, path.join(folder, 'talk.m3u8')]);
}

async function isPaired({ daemon, firefox }) {
  await firefox.goto(page('options.html'));
  await firefox.says('Pair with Dray');
  await firefox.fill('#address', `127.0.0.1:${daemon.port}`);
  await firefox.click('form button');
  await until('the address is taken', () => firefox.inPage(() => !document.querySelector('form button')));
  await firefox.click('.button.primary');
  const code = await until('a code is shown', () => firefox.inPage(() => document.querySelector('.code')?.textContent.replace(' ', '')));
  const { code: exit, lines } = await daemon.ctl('pair', '--code', code);
  assert.equal(exit, 0, lines.join('\n'));
  await firefox.says(`Paired with Dray at http://127.0.0.1:${daemon.port}`);
  const [token] = JSON.parse((await daemon.ctl('token', 'list', '--json')).lines.join(''));
  assert.equal(token.name, 'Extension in Firefox');
  await shoot(firefox, 'firefox-options');
}

async function handsOver({ daemon, firefox, site }) {
  const digest = site.putFile('linked.bin', 3_000_000, 1_000_000);
  await firefox.goto(`${site.url}/`);
  await firefox.chooseFromMenu('#link', 'Download link with Dray');
  const job = await succeeded(daemon, `${site.url}/linked.bin`);
  assert.equal(job.sha256, digest);
  const { headers } = site.asked('linked.bin').at(-1);
  assert.equal(headers.referer, `${site.url}/`);
  assert.match(headers['user-agent'], /Firefox/);
}

async function showsIt({ daemon, firefox }) {
  await firefox.goto(page('popup.html'));
  await firefox.says('Live');
  await firefox.says('linked.bin');
  await daemon.stop();
  await firefox.says('Dray does not answer');
  await daemon.start();
  await firefox.click('.row .button');
  await firefox.says('Live');
  await shoot(firefox, 'firefox-popup');
}

async function catches({ daemon, firefox, site, downloads }) {
  const digest = site.putFile('caught.bin', 4_000_000, 1_000_000);
  await switchOn(firefox, 'catches');
  await firefox.goto(`${site.url}/`);
  await firefox.click('#caught');
  const job = await succeeded(daemon, `${site.url}/caught.bin`);
  assert.equal(job.sha256, digest);
  assert.ok(site.asked('caught.bin').length > 1); // the browser's own, then Dray's
  assert.equal(site.asked('caught.bin').at(-1).headers.cookie, 'who=me');
  await until('the browser has given it up', () => readdirSync(downloads).length === 0);
}

async function findsFilm({ daemon, firefox, site }) {
  await switchOn(firefox, 'findsMedia');
  await firefox.goto(`${site.url}/film`);
  await firefox.newTab();
  await firefox.goto(page('popup.html'));
  await firefox.says('talk.m3u8');
  await shoot(firefox, 'firefox-media');
  await firefox.click('[data-media] button');
  const job = await succeeded(daemon, `${site.url}/talk.m3u8`, ytDlpSeconds);
  assert.equal(job.kind, 'media');
  assert.equal(path.basename(job.target), 'A talk.mp4');
}

async function switchOn(firefox, feature) {
  await firefox.goto(page('options.html'));
  await firefox.click(`[data-feature=${feature}]`);
  await until('it is on', () => firefox.inPage((name) => document.querySelector(`[data-feature=${name}]`).checked, feature));
  await until('it is kept', () => firefox.inPage(async (name) => (await chrome.storage.local.get('settings')).settings[name], feature));
  const watches = async () => (await chrome.scripting.getRegisteredContentScripts()).length === 1;
  if (feature === 'catches') await until('keys are watched', () => firefox.inPage(watches));
}

async function succeeded(daemon, url, seconds) {
  const job = await until(`${url} has ended`, async () => {
    const { jobs } = await asked(daemon, 'GET', '/api/v1/jobs');
    return jobs.find(({ source, state }) => source === url && ['succeeded', 'failed'].includes(state));
  }, seconds);
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  return job;
}

async function shoot(firefox, name) {
  const { value } = await firefox.call('WebDriver:TakeScreenshot', { full: true });
  writeFileSync(path.join(output, `${name}.png`), Buffer.from(value, 'base64'));
}

await runRows('firefox', main, 'the extension in Firefox');
