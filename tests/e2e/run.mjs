// `drayctl run`: a command of this machine as a job, by a real drayd: passed through byte for byte, seen live,
// canceled from elsewhere, not hurt by a hub that is killed or was never there.
//
//     node run.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await endsAsTheCommand(daemon, 'no hub is there');
  await daemon.start();
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  await endsAsTheCommand(daemon, 'a hub is there');
  await cannotBeStarted(daemon, client);
  await isSeenLive(run, daemon, client);
  await isCanceled(run, daemon, client);
  await outlivesAHangup(run, daemon);
  await isNotTheNightBefore(run, daemon, client);
  await isNoDownload(run, daemon, client);
  await endsThoughManyReport(run, daemon, client);
  await isNotHeldByAHubThatHangs(run, daemon, client);
  await tellsTheNextHubOfItsEnd(run, daemon, client);
  await outlivesTheHub(run, daemon, client);
  await isCanceledByTheNextHub(run, daemon, client);
  client.cut();
}

function jobNamed(client, title) {
  return [...client.jobs.values()].find((job) => job.title === title);
}

/** Runs a shell script as a job; `steps` gives what it waits for: `step NAME` in it returns when that was done. */
function start(run, daemon, name, script, ...options) {
  const step = (what) => run.path(`${name}-${what}`);
  const waits = `step() { while [ ! -e ${step('')}$1 ]; do sleep 0.02; done; }; ${script}`;
  const args = ['--data-dir', daemon.data, 'run', '--title', name, ...options, '--', 'sh', '-c', waits];
  const child = run.start(name, path.join(programs, 'drayctl'), args, { env: daemon.environment });
  return { child, go: (what) => writeFileSync(step(what), '') };
}

async function endsAsTheCommand(daemon, when) {
  for (const [script, code] of [['echo one --json; echo two >&2', 0], ['exit 7', 7], ['kill -TERM $$', 128 + 15]]) {
    const ended = await daemon.ctl('run', '--title', `${when}: ${script}`, '--', 'sh', '-c', script);
    assert.equal(ended.code, code, `${when}: ${script}`);
    if (code === 0) assert.ok(ended.lines.includes('one --json') && ended.lines.includes('two'));
  }
  const usage = await daemon.ctl('run', '--title', 'nothing');
  assert.equal(usage.code, 2);
}

async function cannotBeStarted(daemon, client) {
  assert.equal((await daemon.ctl('run', '--', 'there-is-no-such-command')).code, 127);
  const job = await until('its job has failed', () => [jobNamed(client, 'there-is-no-such-command')].find((it) => it?.state === 'failed'));
  assert.equal(job.error.code, 'workFailed');
  assert.equal((await daemon.ctl('run', '--', '/there/is/none')).code, 127);
  assert.equal((await daemon.ctl('run', '--', '/etc/passwd')).code, 126);
  const failed = jobNamed(client, 'a hub is there: exit 7');
  assert.deepEqual([failed.state, failed.message], ['failed', 'exit code 7']);
}

async function isSeenLive(run, daemon, client) {
  const { child, go } = start(run, daemon, 'pack', 'echo "10% of all"; step half; printf "\\r50%%"; step whole; echo; echo packed');
  await until('its first line is the message', () => jobNamed(client, 'pack')?.message === '10% of all');
  assert.equal(jobNamed(client, 'pack').state, 'running');
  await until('10 %', () => jobNamed(client, 'pack').done === 10 && jobNamed(client, 'pack').total === 100);
  go('half');
  await until('50 %', () => jobNamed(client, 'pack').done === 50);
  go('whole');
  const job = await until('it has succeeded', () => [jobNamed(client, 'pack')].find((it) => it.state === 'succeeded'));
  assert.equal(job.message, 'packed');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 0);
}

async function isCanceled(run, daemon, client) {
  const { child } = start(run, daemon, 'endless', `trap 'echo stopped > ${run.path('told')}; exit 1' TERM; echo begun; while :; do sleep 0.05; done`);
  const job = await until('it is seen', () => [jobNamed(client, 'endless')].find((it) => it?.message === 'begun'));
  assert.equal((await daemon.ctl('cancel', job.id)).code, 0);
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 1);
  assert.ok(existsSync(run.path('told')), 'the command was told to end');
  assert.equal(client.jobs.get(job.id).state, 'canceled');
}

/** What nohup(1) has ignored stays so. */
async function outlivesAHangup(run, daemon) {
  const file = run.path('hangup');
  const script = `step() { while [ ! -e ${file}-$1 ]; do sleep 0.02; done; }; echo begun; step middle; echo still here; step end`;
  const args = [path.join(programs, 'drayctl'), '--data-dir', daemon.data, 'run', '--', 'sh', '-c', script];
  const child = run.start('hangup', 'nohup', args, { env: daemon.environment });
  await until('it has begun', () => child.lines.includes('begun'));
  child.signal('SIGHUP');
  writeFileSync(`${file}-middle`, '');
  await until('it goes on', () => child.lines.includes('still here'));
  writeFileSync(`${file}-end`, '');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 0);
}

/** A run of a name whose last run was canceled: it is not killed, and the next one goes on as it. */
async function isNotTheNightBefore(run, daemon, client) {
  const first = start(run, daemon, 'first-night', 'echo begun; step never', '--job', 'backup');
  const canceled = await until('the first is seen', () => [jobNamed(client, 'first-night')].find((it) => it?.message === 'begun'));
  assert.equal(canceled.externalId, 'backup');
  assert.equal((await daemon.ctl('cancel', canceled.id)).code, 0);
  await until('the first ends', () => first.child.exit);
  const { child, go } = start(run, daemon, 'second-night', 'echo begun; step end; exit 5', '--job', 'backup');
  const { id, externalId } = await until('the second is seen', () => [jobNamed(client, 'second-night')].find((it) => it?.message === 'begun'));
  assert.equal(externalId, 'backup (2)');
  go('end');
  await until('the second ends', () => child.exit);
  assert.equal(child.exit.code, 5);
  assert.equal((await daemon.ctl('run', '--title', 'third-night', '--job', 'backup', '--', 'true')).code, 0);
  await until('the third goes on as the second', () => client.jobs.get(id).title === 'third-night' && client.jobs.get(id).state === 'succeeded');
  assert.equal(client.jobs.get(canceled.id).state, 'canceled');
}

/** The number of a job that is no program's work. */
async function isNoDownload(run, daemon, client) {
  const [id] = (await daemon.ctl('--json', 'add', `http://127.0.0.1:${await freePort()}/nothing`)).lines.map((line) => JSON.parse(line).id);
  const { child, go } = start(run, daemon, 'by-mistake', 'step end; exit 6', '--job', id);
  await until('drayctl says so', () => child.errorLines.some((line) => line.includes('not shown') && line.includes(id)));
  go('end');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 6);
  assert.equal(child.errorLines.length, 1);
  assert.notEqual(client.jobs.get(id).kind, 'external');
}

/** Together they tell more than the hub takes in a second. */
async function endsThoughManyReport(run, daemon, client) {
  const names = Array.from({ length: 20 }, (_, i) => `chatty-${i}`);
  const end = run.path('end-of-chatter');
  const script = `i=0; until [ -e ${end} ]; do i=$((i + 1)); echo $i; sleep 0.2; done`;
  const children = names.map((name) => start(run, daemon, name, script).child);
  await until('all have much to say', () => names.every((name) => Number(jobNamed(client, name)?.message) > 10));
  writeFileSync(end, '');
  await until('all end', () => children.every((child) => child.exit));
  assert.ok(children.every((child) => child.exit.code === 0));
  const states = () => names.map((name) => jobNamed(client, name).state);
  await until('all have succeeded', () => states().every((state) => state === 'succeeded'), 5).catch(() => assert.fail(states().join(' ')));
}

async function isNotHeldByAHubThatHangs(run, daemon, client) {
  const { child, go } = start(run, daemon, 'held', 'echo begun; step middle; echo alone; step end; exit 7');
  await until('it is seen', () => jobNamed(client, 'held')?.message === 'begun');
  process.kill(daemon.pid, 'SIGSTOP');
  go('middle');
  await until('its output goes on', () => child.lines.includes('alone'));
  go('end');
  await until('drayctl ends', () => child.exit); // the hub does not, so it waits for nobody
  process.kill(daemon.pid, 'SIGCONT');
  assert.equal(child.exit.code, 7);
}

async function tellsTheNextHubOfItsEnd(run, daemon, client) {
  const { child, go } = start(run, daemon, 'quiet', 'echo begun; step end');
  const { id } = await until('it is seen', () => [jobNamed(client, 'quiet')].find((it) => it?.message === 'begun'));
  await killHub(daemon);
  await daemon.start();
  await client.connect(daemon.endpoint());
  go('end');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 0);
  await until('it has succeeded', () => client.jobs.get(id)?.state === 'succeeded');
}

async function killHub(daemon) {
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
}

/** Starts a job and kills the hub under it; returns when the next hub hears of it. */
async function overTwoHubs(run, daemon, client, name, end) {
  const { child, go } = start(run, daemon, name, `${end}; echo begun; step middle; echo alone; step end; echo finished`);
  const { id } = await until('it is seen', () => [jobNamed(client, name)].find((it) => it?.message === 'begun'));
  await killHub(daemon);
  go('middle');
  await until('the command goes on', () => child.lines.includes('alone'));
  await daemon.start();
  await client.connect(daemon.endpoint());
  await until('the hub hears of it again', () => client.jobs.get(id)?.message === 'alone');
  return { child, go, id };
}

async function outlivesTheHub(run, daemon, client) {
  const { child, go, id } = await overTwoHubs(run, daemon, client, 'long', ':');
  go('end');
  await until('it has succeeded', () => client.jobs.get(id).state === 'succeeded');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 0);
}

async function isCanceledByTheNextHub(run, daemon, client) {
  const { child, id } = await overTwoHubs(run, daemon, client, 'stopped', "trap 'exit 1' TERM");
  assert.equal((await daemon.ctl('cancel', id)).code, 0);
  const beforeItsSignOfLife = 10; // seconds; that comes after 20
  await until('drayctl ends', () => child.exit, beforeItsSignOfLife);
  assert.equal(child.exit.code, 1);
}

await runTest('run', main, { success: 'run: all held' });
