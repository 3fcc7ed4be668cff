// Workflows through a real drayd, drayctl and nginx: a file is fetched, checked, unpacked, worked on and written
// to a loop device; killed in the middle nothing is forgotten and nothing is done twice.
//
//     node workflow.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code 0
// when all held. What needs a loop device is skipped, with the reason, where nobody may have one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { loopDevices } from './support/loopdevice.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { Skipped, runRows } from './support/rows.mjs';
import { freePort, until } from './support/testrun.mjs';

const Exit = { Done: 0, Failed: 1, Usage: 2, Refused: 4 };
const MiB = 1024 * 1024;
const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run, rows) {
  const server = await FileServer.start(run, { name: 'image.bin', size: 6 * MiB, bytesPerSecond: MiB });
  packArchive(run);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort(), options: ['--allow-loop-devices'] });
  await daemon.start();
  const scene = { run, server, daemon };
  await rows.run('fetch, check, unpack, work and report', () => goesThroughEveryStep(scene));
  await rows.run('a wrong checksum stops it with exit code 1; a retry of it alone fails too', () => stopsAtAWrongFile(scene));
  await rows.run('wrong files are refused before anything starts', () => refusesWrongFiles(scene));
  await rows.run('killed in the middle, it goes on and does nothing twice', () => goesOnAfterAKill(scene));
  await rows.run('two clients steer one workflow', () => isSteeredByTwo(scene));
  await rows.run('tokens do and see no more than their scopes and owner allow', () => keepsToScopes(scene));
  await rows.run('by REST', () => isThereByRest(scene));
  await rows.run('a fetched and checked image is written to a drive', () => writesToADrive(scene), { seconds: 120 });
}

function packArchive(run) {
  mkdirSync(run.path('tree'));
  writeFileSync(run.path('tree', 'readme.txt'), 'hello\n');
  execFileSync('tar', ['-C', run.folder, '-czf', run.path('www', 'tree.tar.gz'), 'tree']);
}

function write(run, name, value) {
  writeFileSync(run.path(name), JSON.stringify(value));
  return run.path(name);
}

const json = ({ lines }) => JSON.parse(lines.join('\n'));
const show = async (daemon, id) => json(await daemon.ctl('--json', 'show', id));
const stepOf = (workflow, name) => workflow.steps.find((step) => step.name === name);

async function add({ run, daemon }, name, value) {
  const added = await daemon.ctl('--json', 'workflow', write(run, name, value));
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  return json(added).id;
}

async function goesThroughEveryStep({ run, server, daemon }) {
  const sha256 = createHash('sha256').update(readFileSync(run.path('www', 'tree.tar.gz'))).digest('hex');
  const url = server.url.replace('image.bin', 'tree.tar.gz');
  const file = write(run, 'all.json', {
    title: 'Everything',
    steps: [
      { name: 'fetch', kind: 'download', url },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256 },
      { name: 'unpack', kind: 'extract', file: '${fetch.file}', needs: ['check'] },
      { name: 'copy', kind: 'command', command: `cp "\${unpack.file}/readme.txt" ${run.path('copied.txt')}` },
      { name: 'tell', kind: 'report', job: 'nightly', title: 'Night', needs: ['copy'] },
    ],
  });
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  await client.call('topic.subscribe', { topic: 'workflows' });
  const ended = daemon.ctl('workflow', file, '--wait');
  await until('the report is awaited', () => [...client.jobs.values()].find((job) => job.externalId === 'nightly'));
  assert.equal(readFileSync(run.path('copied.txt'), 'utf8'), 'hello\n');
  for (const more of [['--done', '1', '--total', '4'], ['--state', 'succeeded', '--message', 'told']])
    assert.equal((await daemon.ctl('report', '--job', 'nightly', ...more)).code, Exit.Done);
  const { code, lines } = await ended;
  assert.equal(code, Exit.Done, lines.join('\n'));
  assert.match(lines.join('\n'), /step 5 of 5: tell/);
  assert.match(lines.at(-1), /^workflow w1: done$/);
  const [workflow] = json(await daemon.ctl('--json', 'workflows'));
  assert.deepEqual([workflow.id, workflow.state, workflow.progress, workflow.stageIndex], ['w1', 'succeeded', 1, 5]);
  assert.equal((await client.call('job.get', { job: 'w1' })).workflow.title, 'Everything'); // ids of both are taken
  for (const { job } of workflow.steps) assert.equal(client.jobs.get(job).workflow, 'w1');
  const told = client.events.filter(({ type }) => type.startsWith('workflow.'));
  assert.equal(told[0].type, 'workflow.added');
  assert.ok(told.slice(1).every((event, i) => event.rev > told[i].rev), 'each change has a higher rev');
  assert.equal(told.at(-1).patch.state, 'succeeded');
  client.cut();
}

async function stopsAtAWrongFile({ run, server, daemon }) {
  const url = server.url.replace('image.bin', 'tree.tar.gz');
  const file = write(run, 'wrong.json', {
    steps: [
      { name: 'fetch', kind: 'download', url },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: 'ab'.repeat(32) },
      { name: 'unpack', kind: 'extract', file: '${fetch.file}', needs: ['check'] },
    ],
  });
  const { code, lines } = await daemon.ctl('workflow', file, '--wait');
  assert.equal(code, Exit.Failed, lines.join('\n'));
  assert.match(lines.at(-1), /failed at step check: .* has SHA-256 /);
  const workflow = await show(daemon, 'w2');
  assert.deepEqual(workflow.steps.map(({ state, error }) => [state, error?.code]), [['succeeded', undefined], ['failed', 'checksumMismatch'], ['failed', 'prerequisite']]);
  assert.equal((await daemon.ctl('retry', 'w2')).code, Exit.Done);
  assert.equal((await daemon.ctl('watch', 'w2')).code, Exit.Failed);
  assert.equal((await daemon.ctl('remove', 'w2')).code, Exit.Done);
  assert.equal((await daemon.ctl('show', 'w2')).code, Exit.Failed);
}

async function refusesWrongFiles({ run, daemon }) {
  const refused = async (value, code, said) => {
    const answer = await daemon.ctl('workflow', write(run, 'refused.json', value));
    assert.equal(answer.code, code, answer.lines.join('\n'));
    assert.match(answer.lines.join('\n'), said);
  };
  const before = json(await daemon.ctl('--json', 'list')).length;
  const fetch = { name: 'fetch', kind: 'download', url: 'http://127.0.0.1:9/x' };
  await refused({ steps: [fetch, { ...fetch, needs: [] }] }, Exit.Usage, /step "fetch": name: it is used twice/);
  await refused({ steps: [fetch, { name: 'b', kind: 'verify', file: '${c.file}' }] }, Exit.Usage, /there is no step "c"/);
  await refused({ steps: [fetch, { name: 'b', kind: 'verify', file: '${fetch.file}', sha256: 'x' }] }, Exit.Usage, /step "b": sha256/);
  await refused({ steps: [fetch, { name: 'b', kind: 'flash', image: '${fetch.file}', drives: ['nosuch'] }] }, Exit.Failed, /there is no drive "nosuch"/);
  writeFileSync(run.path('refused.json'), '{"steps": [');
  assert.equal((await daemon.ctl('workflow', run.path('refused.json'))).code, Exit.Usage);
  assert.equal((await daemon.ctl('workflow', run.path('none.json'))).code, Exit.Usage);
  assert.equal(json(await daemon.ctl('--json', 'list')).length, before);
}

async function goesOnAfterAKill({ run, server, daemon }) {
  const log = run.path('ran.txt');
  await daemon.ctl('limit', '500k'); // it runs for as long as a busy machine needs to look at it
  const id = await add({ run, daemon }, 'killed.json', {
    steps: [
      { name: 'note', kind: 'command', command: `sh -c "echo once >> ${log}"` },
      { name: 'fetch', kind: 'download', url: server.url, needs: ['note'] },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: server.sha256 },
      { name: 'end', kind: 'command', command: `sh -c "echo end >> ${log}"`, needs: ['check'] },
    ],
  });
  const jobs = [];
  for (let kill = 0; kill < 2; kill++) {
    const running = await until('it fetches', async () => {
      const workflow = await show(daemon, id);
      return stepOf(workflow, 'fetch').state === 'running' && workflow.progress > 0.3 ? workflow : null;
    });
    jobs.push(stepOf(running, 'fetch').job);
    process.kill(daemon.pid, 'SIGKILL');
    await until('the kernel has ended it', () => !daemon.isRunning);
    await daemon.start();
  }
  await daemon.ctl('limit', '0');
  assert.equal((await daemon.ctl('watch', id)).code, Exit.Done);
  const workflow = await show(daemon, id);
  assert.equal(workflow.state, 'succeeded');
  assert.deepEqual(new Set([...jobs, stepOf(workflow, 'fetch').job]).size, 1);
  assert.equal(readFileSync(log, 'utf8'), 'once\nend\n');
  const linked = json(await daemon.ctl('--json', 'list')).filter((job) => job.workflow === id);
  assert.equal(linked.length, 4);
}

async function isSteeredByTwo({ run, server, daemon }) {
  await daemon.ctl('limit', '100k');
  const id = await add({ run, daemon }, 'two.json', { steps: [{ name: 'fetch', kind: 'download', url: server.url }, { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: server.sha256 }] });
  const clients = [new NativeClient(), new NativeClient()];
  for (const client of clients) {
    await client.connect(daemon.endpoint());
    const ack = await client.call('topic.subscribe', { topic: `workflow:${id}` });
    assert.equal(ack.workflows[0].id, id);
  }
  const [one, two] = clients;
  const both = async (verb) => {
    const answers = await Promise.allSettled(clients.map((client) => client.call(`workflow.${verb}`, { workflow: id })));
    return answers.map(({ status, value, reason }) => (status === 'fulfilled' ? value.workflow.id : reason.message.split(' ')[0])).sort();
  };
  const stateIs = (state) => until(`it is ${state}`, async () => (await one.call('workflow.get', { workflow: id })).workflow.state === state);
  await until('it fetches', async () => stepOf(await show(daemon, id), 'fetch').state === 'running');
  await one.call('workflow.pause', { workflow: id });
  await stateIs('paused');
  await assert.rejects(two.call('workflow.pause', { workflow: id }), /-32004/);
  assert.deepEqual(await both('resume'), ['-32004', id].sort());
  assert.deepEqual(await both('cancel'), ['-32004', id].sort());
  await stateIs('canceled');
  for (const client of clients)
    await until('both have heard of it', () => client.events.some((event) => event.id === id && event.patch?.state === 'canceled'));
  await two.call('workflow.remove', { workflow: id });
  await until('it is gone for both', () => clients.every((client) => client.events.some((event) => event.id === id && event.type === 'workflow.removed')));
  await assert.rejects(one.call('topic.subscribe', { topic: `workflow:${id}` }), /-32003/);
  for (const client of clients) client.cut();
  await daemon.ctl('limit', '0');
}

async function keepsToScopes({ run, daemon }) {
  const token = async (...options) => (await daemon.ctl('token', 'add', 'program', ...options)).lines[0];
  const plain = await token();
  const eve = await token('--owner', 'eve');
  const reader = await token('--scope', 'read');
  const harmless = write(run, 'plain.json', { steps: [{ name: 'wait', kind: 'report', title: 'Waits' }] });
  const command = write(run, 'command.json', { steps: [{ name: 'run', kind: 'command', command: `touch ${run.path('touched')}` }] });
  assert.equal((await daemon.ctlAs(plain, 'workflow', command)).code, Exit.Refused);
  assert.equal((await daemon.ctlAs(reader, 'workflow', harmless)).code, Exit.Refused);
  const added = await daemon.ctlAs(plain, '--json', 'workflow', harmless);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  const { id } = json(added);
  assert.deepEqual(json(await daemon.ctlAs(eve, '--json', 'workflows')), []);
  assert.equal((await daemon.ctlAs(eve, 'cancel', id)).code, Exit.Failed);
  assert.equal((await daemon.ctlAs(reader, 'cancel', id)).code, Exit.Refused);
  assert.equal((await daemon.ctlAs(plain, 'cancel', id)).code, Exit.Done);
  assert.ok(!existsSync(run.path('touched')));
}

async function isThereByRest({ daemon }) {
  const { url, token } = daemon.endpoint();
  const ask = async (method, target, body) => {
    const answer = await fetch(new URL(target, url), {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, json: await answer.json() };
  };
  const added = await ask('POST', '/api/v1/workflows', { steps: [{ name: 'wait', kind: 'report' }] });
  assert.equal(added.status, 201);
  const { id } = added.json.workflow;
  assert.equal((await ask('GET', `/api/v1/workflows/${id}`)).json.workflow.id, id);
  assert.equal((await ask('GET', '/api/v1/workflows?limit=1')).json.next, id);
  assert.equal((await ask('DELETE', `/api/v1/workflows/${id}`, {})).status, 409);
  for (const [verb, state] of [['pause', 'paused'], ['resume', 'queued'], ['cancel', 'canceled'], ['retry', 'queued'], ['cancel', 'canceled']])
    assert.equal((await ask('POST', `/api/v1/workflows/${id}/${verb}`, {})).json.workflow.state, state, verb);
  assert.equal((await ask('DELETE', `/api/v1/workflows/${id}`, {})).status, 200);
  assert.equal((await ask('GET', `/api/v1/workflows/${id}`)).status, 404);
  assert.equal((await ask('GET', '/api/v1/workflows/7')).status, 400);
}

async function writesToADrive(scene) {
  const { run, server, daemon } = scene;
  const drives = await loopDevices(run, { count: 1, bytes: 16 * MiB });
  if (drives.reason) throw new Skipped(drives.reason);
  const [drive] = drives;
  const steps = [
    { name: 'fetch', kind: 'download', url: server.url },
    { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: server.sha256 },
    { name: 'write', kind: 'flash', image: '${fetch.file}', drives: [drive.id], needs: ['check'] },
  ];
  const asked = (erase) => ({ steps: steps.map((step) => (step.name === 'write' ? { ...step, ...erase } : step)) });
  const other = await daemon.ctl('workflow', write(run, 'other.json', asked({ erase: ['another'] })));
  assert.equal(other.code, Exit.Refused, other.lines.join('\n'));
  const agreed = await daemon.ctl('workflow', write(run, 'agreed.json', asked({ erase: [drive.id] })), '--wait');
  assert.equal(agreed.code, Exit.Done, agreed.lines.join('\n'));
  const same = () => execFileSync('cmp', ['-n', String(server.size), run.path('www', 'image.bin'), drive.device]);
  same();
  execFileSync('dd', ['if=/dev/zero', `of=${drive.device}`, 'bs=1M', 'count=6', 'oflag=direct', 'conv=notrunc']);
  const id = await add(scene, 'asked.json', asked({}));
  const held = await until('somebody is asked', async () => {
    const workflow = await show(daemon, id);
    const { job } = stepOf(workflow, 'write');
    return job && (await show(daemon, job)).stage === 'awaitingConfirmation' ? { workflow, job } : null;
  }, 60);
  assert.throws(same);
  assert.match((await show(daemon, id)).message, /waits for the yes/);
  const confirmed = await daemon.ctl('confirm', held.job, '--erase', drive.id);
  assert.equal(confirmed.code, Exit.Done, confirmed.lines.join('\n'));
  assert.equal((await daemon.ctl('watch', id)).code, Exit.Done);
  same();
  await isReadyMade(scene, drive, same);
}

/** Fetch, check and write with one line. */
async function isReadyMade({ server, daemon }, drive, same) {
  execFileSync('dd', ['if=/dev/zero', `of=${drive.device}`, 'bs=1M', 'count=6', 'oflag=direct', 'conv=notrunc']);
  const line = ['workflow', '--image', server.url, '--sha256', server.sha256, '--device', drive.id];
  const refused = await daemon.ctl(...line);
  assert.equal(refused.code, Exit.Refused);
  assert.match(refused.lines.join('\n'), /would be erased/);
  assert.equal((await daemon.ctl('workflow', '--image', server.url)).code, Exit.Usage);
  const written = await daemon.ctl(...line, '--erase', drive.id, '--wait');
  assert.equal(written.code, Exit.Done, written.lines.join('\n'));
  same();
}

await runRows('workflow', main, 'workflow');
