// `drayctl run` on a terminal, by a real drayd: keys are the command's own, it may read what is typed wherever its
// stdin leads, Ctrl+Z and fg are as without drayctl, and a cancel ends all that it started.
//
//     node runterminal.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));
const ctrlC = '\x03';
const ctrlZ = '\x1a';

async function main(run) {
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const client = new NativeClient();
  await client.connect(daemon.endpoint());
  await keysAreTheCommands(run, daemon, client);
  await allOfItIsCanceled(run, daemon, client);
  await readsWhatIsTyped(run, daemon);
  await stopsAndGoesOn(run, daemon, client);
  client.cut();
}

/** The shell script of a job: `step NAME` in it returns when go(NAME) was called. `line` is what a shell runs it by. */
function job(run, daemon, name, script) {
  const step = (what) => run.path(`${name}-${what}`);
  const file = run.path(`${name}.sh`);
  writeFileSync(file, `step() { while [ ! -e ${step('')}$1 ]; do sleep 0.02; done; }\n${script}\n`);
  const line = `${path.join(programs, 'drayctl')} --data-dir ${daemon.data} run --title ${name} -- sh ${file}`;
  return { line, go: (what) => writeFileSync(step(what), '') };
}

/** Runs a line of a shell on a terminal of its own. */
function onTerminal(run, daemon, name, line) {
  const options = { env: { ...daemon.environment, SHELL: '/bin/sh' }, stdio: ['pipe', 'pipe', 'pipe'] };
  const child = run.start(name, 'script', ['-qec', line, '/dev/null'], options);
  const shows = (text) => until(`${name} shows ${text}`, () => child.lines.some((it) => it.includes(text)));
  return { child, shows, type: (keys) => child.process.stdin.write(keys) };
}

function seen(client, title, message) {
  return until(`${title} is seen`, () => [...client.jobs.values()].find((it) => it.title === title && it.message === message));
}

/** Ctrl+C reaches the command once, and it ends as it likes. */
async function keysAreTheCommands(run, daemon, client) {
  const told = run.path('told-to-end');
  const script = [`trap 'hit=1' INT; trap 'touch ${told}' TERM; echo begun; until [ $hit ]; do sleep 0.02; done`, 'echo interrupted; step more; echo more; step end; exit 3'];
  const { line, go } = job(run, daemon, 'keys', script.join('\n'));
  const { child, shows, type } = onTerminal(run, daemon, 'keys', `exec ${line}`);
  const { id } = await seen(client, 'keys', 'begun');
  type(ctrlC);
  await shows('interrupted');
  go('more'); // drayctl has read the signal when it passes what comes later
  await shows('more');
  go('end');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 3);
  assert.ok(!existsSync(told), 'nobody else told it to end');
  await until('it is canceled', () => client.jobs.get(id).state === 'canceled');
}

async function allOfItIsCanceled(run, daemon, client) {
  const file = run.path('work.pid');
  const { line } = job(run, daemon, 'tree', `sh -c 'echo $$ > ${file}; echo at work; while :; do sleep 0.02; done'; echo more`);
  // The kernel itself ends what is left in the foreground when the first process of a terminal ends.
  const { child, shows, type } = onTerminal(run, daemon, 'tree', `${line}; echo "code $?"; read end`);
  const { id } = await seen(client, 'tree', 'at work');
  assert.equal((await daemon.ctl('cancel', id)).code, 0);
  await shows(`code ${128 + 15}`);
  await until('its work ends', () => !isAtWork(readFileSync(file, 'utf8').trim()));
  type('\n');
  await until('the shell ends', () => child.exit);
}

/** One that nobody has waited for is there, and dead. */
function isAtWork(pid) {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ');
}

async function readsWhatIsTyped(run, daemon) {
  const { line } = job(run, daemon, 'asks', 'read piped; echo "piped: $piped"; read typed < /dev/tty; echo "typed: $typed"');
  const { child, shows, type } = onTerminal(run, daemon, 'asks', `echo key | ${line}`);
  await shows('piped: key');
  type('yes\n');
  await shows('typed: yes');
  await until('drayctl ends', () => child.exit);
  assert.equal(child.exit.code, 0);
}

async function stopsAndGoesOn(run, daemon, client) {
  const { line, go } = job(run, daemon, 'stops', 'echo begun; step end; echo went on');
  const { child, shows, type } = onTerminal(run, daemon, 'stops', 'exec bash --norc --noprofile -i');
  type(`${line}\n`);
  const { id } = await seen(client, 'stops', 'begun');
  type(ctrlZ);
  await shows('Stopped');
  type('fg\n');
  go('end');
  await until('it has succeeded', () => client.jobs.get(id).state === 'succeeded');
  type('exit\n');
  await until('the shell ends', () => child.exit);
}

await runTest('runterminal', main, { success: 'runterminal: all held' });
