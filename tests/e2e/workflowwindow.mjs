// Workflows and agents in the window: a workflow that drayctl adds is seen there live, is paused, resumed and
// retried with the keys, and what it did stands in the numbers of the agents.
//
//     node workflowwindow.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds dray and drayctl, WEB is not used, OUTPUT takes the screenshots. Ends with exit code 0 when
// all held.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FileServer } from './support/fileserver.mjs';
import { Hub } from './support/hub.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { Screen } from './support/screen.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const fileSize = 48 * MiB;
const bytesPerSecond = 6 * MiB;
const [programs, , output] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  mkdirSync(output, { recursive: true });
  const server = await FileServer.start(run, { name: 'image.bin', size: fileSize, bytesPerSecond: bytesPerSecond / 4 });
  const screen = await Screen.start(run);
  const hub = new Hub(run, { programs, screen, port: await freePort() });
  await hub.start(() => {});
  const client = new NativeClient();
  await client.connect(hub.endpoint());
  const scene = { run, server, screen, hub, client };
  scene.seen = looks(hub);

  await until('the window is there', async () => (await screen.windows('Dray')).length > 0);
  await screen.press('Dray', 'alt+k');
  const id = await addsOne(scene);
  await isPausedAndResumed(scene, id);
  await isRetried(scene, id);
  await agentsAreCounted(scene);
  client.cut();
}

/** "w1 running fetch" and so on: what the window showed of workflows, oldest first. */
function looks(hub) {
  const seen = [];
  hub.onLine((line) => {
    const look = /dray\.window: workflow (?<what>w\d+ \w+ \S+)/.exec(line)?.groups.what;
    if (look && look !== seen.at(-1)) seen.push(look);
  });
  return seen;
}

function shows({ seen }, look) {
  return until(`the window shows ${look}`, () => seen.includes(look), 60);
}

async function stateOf({ client }, id) {
  return (await client.call('workflow.get', { workflow: id })).workflow;
}

/** Fetches a file, checks it, and fails in its last step until a file is there. */
async function addsOne({ run, server, hub, ...scene }) {
  await hub.ctl('limit', '2M'); // it runs for as long as a busy machine needs for keys and pictures
  const file = run.path('nightly.json');
  const steps = [
    { name: 'fetch', kind: 'download', url: server.url, sha256: server.sha256 },
    { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: '${fetch.sha256}' },
    { name: 'hand-over', kind: 'command', command: `ls ${run.path('ready')}`, needs: ['check'] },
  ];
  writeFileSync(file, JSON.stringify({ title: 'Nightly image', steps }));
  const { id } = JSON.parse((await hub.ctl('--json', 'workflow', file))[0]);
  await shows(scene, `${id} running fetch`);
  return id;
}

async function isPausedAndResumed(scene, id) {
  const { hub, screen, client, seen } = scene;
  await until('it is under way', () => [...client.jobs.values()].some((job) => job.done > 2 * MiB));
  await screen.save(path.join(output, 'workflowwindow-running.png'));
  await screen.press('Dray', 'alt+p');
  await shows(scene, `${id} paused fetch`);
  assert.equal((await stateOf(scene, id)).state, 'paused');
  await screen.press('Dray', 'alt+r');
  await until('it goes on', () => seen.lastIndexOf(`${id} running fetch`) > seen.indexOf(`${id} paused fetch`));
  await hub.ctl('limit', '0');
}

async function isRetried(scene, id) {
  const { run, screen } = scene;
  await shows(scene, `${id} failed hand-over`);
  await screen.save(path.join(output, 'workflowwindow-failed.png'));
  writeFileSync(run.path('ready'), '');
  await screen.press('Dray', 'alt+e');
  await shows(scene, `${id} succeeded hand-over`);
  const { steps } = await stateOf(scene, id);
  assert.deepEqual(steps.map((step) => step.state), ['succeeded', 'succeeded', 'succeeded']);
}

async function agentsAreCounted({ client, screen }) {
  const { agents } = await client.call('agent.list', {});
  const downloader = agents.find((agent) => agent.name === 'downloader');
  assert.ok(downloader.metrics.messageCount > 0, 'the downloader is measured');
  await screen.press('Dray', 'alt+g');
  await screen.save(path.join(output, 'workflowwindow-agents.png'));
}

await runTest('workflowwindow', main, { success: 'workflows and agents are seen and steered in the window' });
