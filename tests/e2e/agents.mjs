// Agents: programs that do the steps of workflows which Dray cannot do itself. One is killed in the middle and
// another finishes its work; one keeps its work over a kill of the hub; one is told that its work was canceled.
//
//     node agents.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code 0
// when all held.
import assert from 'node:assert/strict';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { request } from './support/request.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const [programs, web] = process.argv.slice(2).map((argument) => path.resolve(argument));
const leaseMs = '2000';
const kills = 5;
const program = new URL('./support/agentprogram.mjs', import.meta.url).pathname;

async function main(run) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  const scene = { run, daemon, client };
  await anotherFinishesWhatAKilledOneBegan(scene);
  await aKilledHubLeavesTheWorkWithItsAgent(scene);
  await whatIsCanceledIsTold(scene);
  await measuresAreShown(scene);
  await whatWasAnsweredOutlivesAKill(scene);
  client.cut();
}

function startAgent({ run, daemon }, name, capability, ...more) {
  // The schemas are found where the test found them.
  const loader = [program, path.join(daemon.data, 'endpoint.json'), name, capability, leaseMs, ...more];
  return run.start(name, 'node', loader, { env: { ...process.env, DRAY_WEB: web } });
}

/** Adds steps of kind scan, then print, which is given what the scan made. */
async function addWorkflow({ client }) {
  const { workflow } = await client.call('workflow.add', {
    title: 'Archive',
    steps: [
      { name: 'read', kind: 'scan', pages: 3 },
      { name: 'paper', kind: 'print', file: '${read.file}' },
    ],
  });
  return workflow.id;
}

/** By REST, which does not count what a test asks again and again. */
async function ask({ daemon }, target) {
  const headers = { Host: `127.0.0.1:${daemon.port}`, Authorization: `Bearer ${daemon.endpoint().token}` };
  return (await request({ port: daemon.port, method: 'GET', path: `/api/v1/${target}`, headers })).json;
}

const workflowOf = async (scene, id) => (await ask(scene, `workflows/${id}`)).workflow;
const stepOf = async (scene, id, name) => (await workflowOf(scene, id)).steps.find((step) => step.name === name);
const statusOf = async (scene, name) => (await ask(scene, `agents/${name}`)).agent.status;

async function anotherFinishesWhatAKilledOneBegan(scene) {
  const killed = startAgent(scene, 'killed', 'scan');
  const id = await addWorkflow(scene);
  const begun = await until('it begins', () => killed.lines.find((line) => line.startsWith('begin')));
  assert.match(begun, /"pages":3/);
  const job = begun.split(' ')[1];
  await until('its progress is seen', () => scene.client.jobs.get(job)?.message === 'with killed');
  killed.signal('SIGKILL');
  await until('it is offline', async () => (await statusOf(scene, 'killed')) === 'offline');
  const second = startAgent(scene, 'second', 'scan', '--at-once');
  const printer = startAgent(scene, 'printer', 'print', '--at-once');
  await until('the workflow has succeeded', async () => (await workflowOf(scene, id)).state === 'succeeded');
  await until('it says so', () => second.lines.includes(`end ${job}`));
  assert.match(printer.lines[0], /"file":"\/made\/by\/second"/);
  assert.equal(scene.client.jobs.get(job).attempt, 2);
  await second.stop();
  await printer.stop();
}

async function aKilledHubLeavesTheWorkWithItsAgent(scene) {
  const agent = startAgent(scene, 'steady', 'scan');
  const id = await addWorkflow(scene);
  const { job } = await until('it runs', async () => [await stepOf(scene, id, 'read')].find(({ state }) => state === 'running'));
  await until('its progress is seen', () => scene.client.jobs.get(job)?.message === 'with steady');
  process.kill(scene.daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !scene.daemon.isRunning);
  await scene.daemon.start();
  await scene.client.connect(scene.daemon.endpoint());
  agent.signal('SIGUSR2');
  await until('the step has succeeded', async () => (await stepOf(scene, id, 'read')).state === 'succeeded');
  assert.equal(agent.lines.filter((line) => line.startsWith('begin')).length, 1, agent.lines.join('\n'));
  assert.equal(scene.client.jobs.get(job).attempt, 1);
  await scene.client.call('workflow.cancel', { workflow: id });
  await agent.stop();
}

async function whatIsCanceledIsTold(scene) {
  const agent = startAgent(scene, 'patient', 'scan');
  const id = await addWorkflow(scene);
  await until('it begins', () => agent.lines.some((line) => line.startsWith('begin')));
  await scene.client.call('workflow.cancel', { workflow: id });
  await until('it is told', () => agent.lines.includes('canceled'));
  await until('it is idle', async () => (await statusOf(scene, 'patient')) === 'idle');
  await agent.stop();
}

async function measuresAreShown({ daemon, client }) {
  const listed = JSON.parse((await daemon.ctl('--json', 'agents')).lines.join('\n'));
  const names = listed.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 4), ['downloader', 'flasher', 'media', 'verifier']);
  assert.ok(names.includes('patient'));
  const table = (await daemon.ctl('agents')).lines;
  assert.match(table[0], /^NAME +STATUS/);
  assert.match(table.join('\n'), /patient +offline/);
  const { history } = await client.call('agent.get', { agent: 'steady' });
  assert.equal(history.reduce((sum, point) => sum + point.succeeded, 0), 1);
  const token = (await daemon.ctl('token', 'add', 'fenced', '--owner', 'eve')).lines[0];
  assert.notEqual((await daemon.ctlAs(token, 'agents')).code, 0);
}

/** The hub is killed as soon as a program is answered that its work is taken. */
async function whatWasAnsweredOutlivesAKill(scene) {
  for (let round = 0; round < kills; round += 1) {
    const id = await addWorkflow(scene);
    const agent = startAgent(scene, `quick${round}`, 'scan', '--at-once');
    agent.onLine((line) => line.startsWith('end') && process.kill(scene.daemon.pid, 'SIGKILL'));
    await until('the kernel has ended it', () => !scene.daemon.isRunning);
    await agent.stop();
    await scene.daemon.start();
    await scene.client.connect(scene.daemon.endpoint());
    const { state } = await stepOf(scene, id, 'read');
    assert.equal(state, 'succeeded');
    assert.equal(agent.lines.filter((line) => line.startsWith('begin')).length, 1);
    await scene.client.call('workflow.cancel', { workflow: id });
  }
}

await runTest('agents', main, { success: 'agents: what a lost one began another finished, and nothing was done twice at once' });
