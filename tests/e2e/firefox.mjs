// The companion extension in real Firefox against a real drayd: it is loaded as a user loads it, paired, and
// takes a link from the menu of the browser; the popup shows it.
//
//     node firefox.mjs PROGRAMS WEB OUTPUT [FIREFOX]
//
// PROGRAMS holds drayd and drayctl; WEB is not used; OUTPUT gets pictures. FIREFOX is the browser, else
// firefox-esr. Ends with exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { DownloadSite } from './support/downloadsite.mjs';
import { Firefox } from './support/firefox.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs, , output] = process.argv.slice(2, 5).map((argument) => path.resolve(argument));
const program = process.argv[5] ?? 'firefox-esr';

/** Firefox gives every add-on a random address, unless it has one. */
const host = '0d1a7e5c-8f21-4b0f-9d3d-6a1c3e0e52b5';
const page = (name) => `moz-extension://${host}/${name}`;
const links = '<title>Files</title><a id="link" href="/linked.bin">a file</a>';

async function main(run, rows) {
  mkdirSync(output, { recursive: true });
  mkdirSync(run.path('www'));
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const site = await DownloadSite.start(run, { folder: run.path('www'), pages: { '/': links } });
  const digest = site.putFile('linked.bin', 3_000_000, 1_000_000);
  const folder = path.join(run.path('exported'), 'firefox');
  await daemon.ctl('extension', run.path('exported'));
  const { id } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')).browser_specific_settings.gecko;
  const firefox = await Firefox.start(run, { program, preferences: { 'extensions.webextensions.uuids': JSON.stringify({ [id]: host }) } });
  await rows.run('it loads as a temporary add-on', async () => assert.equal(await firefox.install(folder), id));
  await rows.run('it is paired when both sides show the same code', () => isPaired({ daemon, firefox }));
  await rows.run('the menu of a link hands it to Dray', () => handsOver({ daemon, firefox, site, digest }));
  await rows.run('the popup is live and shows it', () => showsIt({ daemon, firefox }));
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

async function handsOver({ daemon, firefox, site, digest }) {
  await firefox.goto(`${site.url}/`);
  await firefox.chooseFromMenu('#link', 'Download link with Dray');
  const job = await until('it is here', async () => {
    const { jobs } = await asked(daemon, 'GET', '/api/v1/jobs');
    return jobs.find(({ source, state }) => source === `${site.url}/linked.bin` && state === 'succeeded');
  });
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

async function shoot(firefox, name) {
  const { value } = await firefox.call('WebDriver:TakeScreenshot', { full: true });
  writeFileSync(path.join(output, `${name}.png`), Buffer.from(value, 'base64'));
}

await runRows('firefox', main, 'the extension in Firefox');
