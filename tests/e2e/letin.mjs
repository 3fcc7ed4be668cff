// A page without a token is let in at the window, and put out again: the window on a screen of its own,
// answered by real keys, and the page in a real browser.
//
//     node letin.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds dray and drayctl, WEB the node_modules with playwright-core; OUTPUT gets a picture. Ends
// with exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Dashboard } from './support/dashboard.mjs';
import { Hub } from './support/hub.mjs';
import { runRows } from './support/rows.mjs';
import { Screen } from './support/screen.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs, web, output] = process.argv.slice(2).map((argument) => path.resolve(argument));
const dialog = 'Let this program in';
const answerSeconds = 20;

async function main(run, rows) {
  mkdirSync(output, { recursive: true });
  const screen = await Screen.start(run);
  const hub = new Hub(run, { programs, screen, port: await freePort() });
  await hub.start(() => {});
  const scene = { screen, hub, page: await visitor(run, hub) };
  await letsIn(scene, rows);
  await keepsOut(scene, rows);
}

/** The page as somebody opens it who has only its address. */
async function visitor(run, hub) {
  const { page } = await Dashboard.open(run, { web, url: hub.endpoint().url, onRow: () => {} });
  return page;
}

const press = (page, name) => page.getByRole('button', { name }).click();

async function isAsked({ screen }) {
  await until('the window asks', async () => (await screen.windows(dialog)).length > 0);
}

/** Presses `keys` until the dialog is gone: for a second it takes no yes. */
async function answer({ screen }, keys) {
  await isAsked({ screen });
  const isGone = async () => (await screen.windows(dialog)).length === 0;
  await until('the dialog is answered', async () => (await isGone()) || (await screen.press(dialog, keys)), answerSeconds);
  await until('the dialog is gone', isGone);
}

async function letsIn(scene, rows) {
  const { hub, page, screen } = scene;
  await rows.run('a page is let in by a yes in the window', async () => {
    await press(page, 'Ask to be let in');
    await isAsked(scene);
    await screen.save(path.join(output, 'letin.png'));
    await answer(scene, 'alt+l');
    await page.getByText('Live', { exact: true }).waitFor();
  });
  await rows.run('a revoked page is signed out at once', async () => {
    const [entry] = JSON.parse((await hub.ctl('token', 'list', '--json')).join(''));
    assert.equal(entry.name, 'Page in Chrome');
    assert.deepEqual(entry.scopes, ['read', 'control', 'add', 'report']);
    await hub.ctl('token', 'revoke', entry.id);
    await page.getByText('Not signed in').waitFor();
  });
}

async function keepsOut(scene, rows) {
  const { hub, page } = scene;
  await rows.run('a page is kept out by Escape', async () => {
    await press(page, 'Ask to be let in');
    await answer(scene, 'Escape');
    await page.getByText('was not let in').waitFor();
  });
  await rows.run('the question ends with the page that asked', async () => {
    await press(page, 'Ask to be let in');
    await isAsked(scene);
    await page.close();
    await until('the dialog is gone', async () => (await scene.screen.windows(dialog)).length === 0);
    assert.deepEqual(await hub.ctl('token', 'list'), []);
  });
}

await runRows('letin', main, 'let in');
