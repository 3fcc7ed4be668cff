// The companion extension takes downloads over from real Firefox, which cancels what is paused and gives its
// numbers again: with Dray up, down, silent in the middle, and with the permission taken back.
//
//     node firefoxcatch.mjs PROGRAMS WEB OUTPUT [FIREFOX]
//
// PROGRAMS holds drayd and drayctl; WEB is not used. FIREFOX is the browser, else firefox-esr. Ends with exit
// code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { DownloadSite } from './support/downloadsite.mjs';
import { Firefox } from './support/firefox.mjs';
import { MuteWire } from './support/mutewire.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const [programs] = process.argv.slice(2, 3).map((argument) => path.resolve(argument));
const program = process.argv[5] ?? 'firefox-esr';

/** Firefox gives every add-on a random address, unless it has one. */
const host = '0d1a7e5c-8f21-4b0f-9d3d-6a1c3e0e52b5';
const page = (name) => `moz-extension://${host}/${name}`;
const names = ['caught', 'away', 'silent', 'off', 'taken', 'closed'];
const links = `<title>Files</title>${names.map((name) => `<a id="${name}" href="/${name}.bin">${name}</a>`).join(' ')}`;

async function main(run, rows) {
  mkdirSync(run.path('www'));
  mkdirSync(run.path('downloads'));
  const wirePort = await freePort();
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--listen', `127.0.0.2:${wirePort}`] });
  await daemon.start();
  const wire = await MuteWire.start(run, wirePort, { toHost: '127.0.0.2', port: wirePort });
  const site = await DownloadSite.start(run, { folder: run.path('www'), pages: { '/': links } });
  const { firefox, id } = await loaded(run, daemon);
  const scene = { daemon, wire, site, firefox, id, downloads: run.path('downloads') };
  await pair(scene);
  await rows.run('switched on, it takes a download, and Firefox drops its own', () => catches(scene));
  await rows.run('with Dray down Firefox downloads as ever, in one go', () => leavesWhenAway(scene));
  await rows.run('Dray silent in the middle: one copy, in Firefox, which was never paused', () => survivesSilence(scene));
  await rows.run('switched off in the middle: none stays open, and the permission is given back', () => switchesOff(scene));
  await rows.run('a permission taken back in the browser switches the feature off', () => losesPermission(scene));
  await rows.run('Firefox closed in the middle: one copy, after it was started again', () => survivesTheBrowsersEnd(run, scene));
}

async function loaded(run, daemon) {
  await daemon.ctl('extension', run.path('exported'));
  return begun(run);
}

/** What a user installs for good stays when Firefox is closed: here it is installed again, and keeps what it knew. */
async function begun(run) {
  const folder = path.join(run.path('exported'), 'firefox');
  const { id } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')).browser_specific_settings.gecko;
  const preferences = {
    'extensions.webextensions.uuids': JSON.stringify({ [id]: host }),
    'extensions.webextOptionalPermissionPrompts': false,
    'extensions.webextensions.keepStorageOnUninstall': true,
    'browser.download.folderList': 2,
    'browser.download.dir': run.path('downloads'),
    'browser.download.alwaysOpenPanel': false,
  };
  const firefox = await Firefox.start(run, { program, preferences });
  await firefox.install(folder);
  return { firefox, id };
}

/** Through the wire, which can be muted. */
async function pair({ daemon, wire, firefox }) {
  await firefox.goto(page('options.html'));
  await firefox.says('Pair with Dray');
  await firefox.fill('#address', `127.0.0.1:${wire.port}`);
  await firefox.click('form button');
  await until('the address is taken', () => firefox.inPage(() => !document.querySelector('form button')));
  await firefox.click('.button.primary');
  const code = await until('a code is shown', () => firefox.inPage(() => document.querySelector('.code')?.textContent.replace(' ', '')));
  await daemon.ctl('pair', '--code', code);
  await firefox.says('Paired with Dray');
}

async function catches(scene) {
  const digest = scene.site.putFile('caught.bin', 3 * MiB, MiB);
  await switchCatching(scene);
  await isWatching(scene);
  await click(scene, 'caught');
  const [job] = await until('Dray has it', async () => {
    const jobs = await jobsOf(scene, 'caught');
    return jobs[0]?.state === 'succeeded' && jobs;
  });
  assert.equal(sha256(job.target), digest);
  assert.equal(scene.site.asked('caught.bin').at(-1).headers.cookie, 'who=me');
  await isOver(scene);
  assert.deepEqual(await itemsOf(scene, 'caught'), []);
  await until('the browser has given it up', () => readdirSync(scene.downloads).length === 0);
}

async function leavesWhenAway(scene) {
  const digest = scene.site.putFile('away.bin', 2 * MiB, MiB);
  await scene.daemon.stop();
  await click(scene, 'away');
  await browserHas(scene, 'away', digest);
  assert.equal(scene.site.asked('away.bin').length, 1);
  await scene.daemon.start();
  await isLive(scene);
  assert.deepEqual(await jobsOf(scene, 'away'), []);
}

async function survivesSilence(scene) {
  const digest = scene.site.putFile('silent.bin', 12 * MiB, MiB);
  scene.wire.mute();
  await click(scene, 'silent');
  await until('Dray has it, and nobody knows', async () => (await jobsOf(scene, 'silent')).length === 1);
  const [item] = await itemsOf(scene, 'silent');
  assert.deepEqual({ state: item.state, paused: item.paused }, { state: 'in_progress', paused: false });
  await browserHas(scene, 'silent', digest);
  scene.wire.unmute();
  await isLive(scene);
  await isOver(scene);
  assert.deepEqual(await jobsOf(scene, 'silent'), []);
  assert.equal((await itemsOf(scene, 'silent'))[0].state, 'complete');
}

async function switchesOff(scene) {
  const digest = scene.site.putFile('off.bin', 4 * MiB, MiB);
  scene.wire.mute();
  await click(scene, 'off');
  await until('it is being handed over', async () => (await journal(scene)).length === 1);
  await switchCatching(scene);
  await until('the permission is given back', async () => !(await mayDownload(scene)));
  assert.deepEqual(await journal(scene), []);
  await until('Firefox has it', () => existsSync(path.join(scene.downloads, 'off.bin')) && sha256(path.join(scene.downloads, 'off.bin')) === digest);
  scene.wire.unmute();
  await isLive(scene);
}

async function losesPermission(scene) {
  await switchCatching(scene);
  await isWatching(scene);
  await scene.firefox.inBrowser(takeBack, scene.id);
  await until('it is shown to be off', () => scene.firefox.inPage(() => !document.querySelector('[data-feature=catches]').checked));
  assert.equal(await isOn(scene), false);
  await until('keys are not watched', () => inExtension(scene, async () => (await chrome.scripting.getRegisteredContentScripts()).length === 0));
  scene.site.putFile('taken.bin', 2 * MiB, 4 * MiB);
  await switchCatching(scene);
  await isWatching(scene);
  await click(scene, 'taken');
  await until('Dray takes downloads again', async () => (await jobsOf(scene, 'taken'))[0]?.state === 'succeeded');
  await isOver(scene);
  assert.equal((await jobsOf(scene, 'taken')).length, 1);
}

async function survivesTheBrowsersEnd(run, scene) {
  const digest = scene.site.putFile('closed.bin', 12 * MiB, MiB);
  scene.wire.mute();
  await click(scene, 'closed');
  await until('Dray has it, and nobody knows', async () => (await jobsOf(scene, 'closed')).length === 1);
  const [item] = await itemsOf(scene, 'closed');
  assert.equal(item.state, 'in_progress');
  await scene.firefox.quit();
  scene.wire.unmute();
  Object.assign(scene, await begun(run));
  await isLive(scene);
  await isOver(scene);
  const kept = (await itemsOf(scene, 'closed')).filter(({ state }) => state !== 'interrupted');
  const jobs = await jobsOf(scene, 'closed');
  assert.equal(kept.length + jobs.length, 1, JSON.stringify([kept, jobs]));
  if (kept.length > 0) return browserHas(scene, 'closed', digest);
  const done = async () => (await jobsOf(scene, 'closed')).find(({ state }) => state === 'succeeded');
  assert.equal((await until('Dray has it', done)).sha256, digest);
}

/** What a user does in the browser's list of add-ons. */
async function takeBack(id) {
  const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
  const { extension } = WebExtensionPolicy.getByID(id);
  await ExtensionPermissions.remove(id, { permissions: ['downloads'], origins: [] }, extension);
}

async function switchCatching({ firefox }) {
  await firefox.goto(page('options.html'));
  await firefox.says('Hand downloads to Dray');
  await firefox.click('[data-feature=catches]');
}

async function click({ firefox, site }, name) {
  await firefox.goto(`${site.url}/`);
  await firefox.click(`#${name}`);
}

/** The pages of the extension see what its worker sees. */
async function inExtension({ firefox }, run, ...args) {
  if (!(await firefox.inPage(() => location.protocol)).startsWith('moz-extension')) await firefox.goto(page('options.html'));
  return firefox.inPage(run, ...args);
}

function isOn(scene) {
  return inExtension(scene, async () => (await chrome.storage.local.get('settings')).settings?.catches === true);
}

/** The worker knows that it is on. */
function isWatching(scene) {
  const look = async () => (await chrome.scripting.getRegisteredContentScripts()).length === 1;
  return until('it is on, and keys are watched', () => inExtension(scene, look));
}

function mayDownload(scene) {
  return inExtension(scene, () => chrome.permissions.contains({ permissions: ['downloads'] }));
}

function journal(scene) {
  return inExtension(scene, async () => (await chrome.storage.local.get('journal')).journal ?? []);
}

function itemsOf(scene, name) {
  return inExtension(scene, (url) => chrome.downloads.search({ url }), `${scene.site.url}/${name}.bin`);
}

function isOver(scene) {
  return until('no hand-over is open', async () => (await journal(scene)).length === 0);
}

/** The popup asks its worker to look for Dray at once. */
async function isLive({ firefox }) {
  await firefox.goto(page('popup.html'));
  await firefox.says('Live');
  await firefox.goto(page('options.html'));
}

async function browserHas(scene, name, digest) {
  await until(`Firefox has ${name}`, async () => (await itemsOf(scene, name))[0]?.state === 'complete');
  assert.equal(sha256(path.join(scene.downloads, `${name}.bin`)), digest);
}

async function jobsOf({ daemon, site }, name) {
  const { jobs } = await asked(daemon, 'GET', '/api/v1/jobs');
  return jobs.filter(({ source }) => source === `${site.url}/${name}.bin`);
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

await runRows('firefoxcatch', main, 'the extension taking downloads from Firefox');
