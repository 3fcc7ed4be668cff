// The sockets with rooms, used by a client in the style of a React hook and by a program that is an agent:
// every state is told, a client that dropped is told what it missed, two clients steer one workflow, and who may
// not is refused.
//
//     node rooms.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code 0
// when every case is as it must be.
import assert from 'node:assert/strict';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { RoomClient } from './support/roomclient.mjs';
import { runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

class Scene {
  constructor(daemon, native) {
    this.daemon = daemon;
    this.native = native;
  }

  async open(where, options = {}) {
    const { token = this.daemon.endpoint().token, ...rest } = options;
    return new RoomClient(`ws://127.0.0.1:${this.daemon.port}/ws/${where}`, { token, ...rest }).connect();
  }

  async add() {
    const steps = [{ name: 'read', kind: 'scan' }];
    return (await this.native.call('workflow.add', { title: 'Scan', steps })).workflow.id;
  }
}

async function main(run, rows) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const native = new NativeClient();
  await native.connect(daemon.endpoint());
  const scene = new Scene(daemon, native);
  await rows.run('an agent does the step of a workflow that others watch', () => watchesAnAgent(scene));
  await rows.run('two clients steer one workflow', () => steerTogether(scene));
  await rows.run('who comes back is told every state it missed', () => comesBack(scene));
  await rows.run('a hook connects again and sends what it kept', () => connectsAgain(scene));
  await rows.run('who may not is refused', () => refuses(scene));
  await rows.run('too many messages end the connection', () => floods(scene));
  native.cut();
}

async function watchesAnAgent(scene) {
  const agent = await scene.open('agent/scanner');
  agent.send({ type: 'register', capabilities: ['scan'] });
  await until('it is registered', () => agent.of('registered')[0]);
  const coordinator = await scene.open('coordinator');
  const id = await scene.add();
  const watcher = await scene.open(`workflow/${id}`);
  watcher.send({ type: 'subscribe', target: 'agent', id: 'scanner' });
  await until('it is acknowledged', () => watcher.of('subscribed')[0]);
  const { task_id } = await until('it is offered the step', () => agent.of('task_offer')[0]);
  agent.send({ type: 'accept', task_id });
  agent.send({ type: 'progress', task_id, progress: 0.5, message: 'page 1' });
  await until('it is seen to run', () => watcher.of('progress').some(({ state, progress }) => state === 'running' && progress === 0.5));
  await until('the agent is busy', () => watcher.of('agent_status').some(({ status }) => status === 'busy'));
  agent.send({ type: 'complete', task_id, outputs: { pages: 1 } });
  const last = await until('it is completed', () => watcher.of('progress').find(({ state }) => state === 'completed'));
  assert.equal(last.progress, 1);
  assert.ok(coordinator.of('coordinator_metrics').at(-1).registered_agents >= 5);
  for (const client of [agent, coordinator, watcher]) client.disconnect();
  await until('nobody is left', async () => (await scene.native.call('agent.get', { agent: 'scanner' })).agent.status === 'offline');
}

async function steerTogether(scene) {
  const id = await scene.add();
  const [one, two] = [await scene.open(`workflow/${id}`), await scene.open(`workflow/${id}`)];
  one.send({ type: 'control', action: 'pause', workflow_id: id });
  await until('the other sees the pause', () => two.of('progress').at(-1)?.state === 'paused');
  two.send({ type: 'control', action: 'resume', workflow_id: id });
  await until('the first sees it go on', () => one.of('progress').at(-1)?.state !== 'paused');
  for (const client of [one, two]) client.send({ type: 'control', action: 'cancel', workflow_id: id });
  await until('both see the cancel', () => [one, two].every((client) => client.of('progress').at(-1)?.state === 'canceled'));
  await until('one of them came too late', () => one.of('error').length + two.of('error').length === 1);
  for (const client of [one, two]) client.disconnect();
}

async function comesBack(scene) {
  const id = await scene.add();
  const client = await scene.open(`workflow/${id}`, { clientId: 'tab-1', unitMs: 400 });
  await until('it is told how it is', () => client.messages.length > 0);
  const before = client.messages.length;
  client.cut();
  await until('it is lost', () => !client.isConnected);
  for (const verb of ['pause', 'resume', 'cancel']) await scene.native.call(`workflow.${verb}`, { workflow: id });
  await until('it is told the end', () => client.of('progress').at(-1)?.state === 'canceled');
  const states = client.messages.slice(before).map(({ state }) => state);
  assert.ok(states.includes('paused'), states.join(' '));
  client.disconnect();
}

async function connectsAgain(scene) {
  const client = await scene.open('coordinator');
  client.cut();
  await until('it is lost', () => !client.isConnected);
  client.send({ type: 'ping' });
  await until('the hub answers what was kept', () => client.of('pong')[0]);
  client.disconnect();
}

async function refuses(scene) {
  const id = await scene.add();
  const token = (await scene.daemon.ctl('token', 'add', 'fenced', '--owner', 'eve')).lines[0];
  const eve = await scene.open(`workflow/${id}`, { token });
  eve.send({ type: 'control', action: 'cancel', workflow_id: id });
  eve.send({ type: 'subscribe', target: 'workflow', id: 'w9999' });
  eve.sendText('{');
  await until('all is refused', () => eve.of('error').length === 4);
  assert.deepEqual(eve.of('error').map(({ error_type }) => error_type), ['PermissionDenied', 'PermissionDenied', 'NotFound', 'InvalidArgument']);
  eve.disconnect();
  const nobody = await scene.open('coordinator', { token: 'wrong' });
  await until('it is turned away', () => nobody.closeCode === 1008);
  const { workflow } = await scene.native.call('workflow.get', { workflow: id });
  assert.notEqual(workflow.state, 'canceled');
  await scene.native.call('workflow.cancel', { workflow: id });
}

async function floods(scene) {
  const client = await scene.open('coordinator');
  for (let i = 0; i < 200 && client.isConnected; i += 1) client.send({ type: 'subscribe', target: 'agent', id: 'nobody' });
  await until('it is closed', () => client.closeCode === 4029);
  assert.ok(client.of('error').some(({ error_type }) => error_type === 'RateLimited'));
}

await runRows('rooms', main, 'the sockets with rooms');
