// Cuts the power after every step of a download, on paper: strace writes down all that drayd does to the
// download folder; then every beginning of that account is played back, each with several choices of
// what had reached the medium. A journal found then must claim no byte that the part file lacks, and a
// file under its final name must be whole.
//
//     node powercut.mjs PROGRAMS WEB OUTPUT        DRAY_SEED=N again
//
// PROGRAMS holds drayd; WEB and OUTPUT are not used. Ends with exit code 0 when all held. Where nobody
// may trace a process it is skipped, with the reason.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { TracedFolder, readTrace } from './support/disktrace.mjs';
import { FaultyServer, seededDice } from './support/faultyserver.mjs';
import { freePort, runTest, Skipped, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const fileSize = 5 * MiB;
const bytesPerSecond = 1 * MiB; // of each connection
const seed = Number(process.env.DRAY_SEED ?? Date.now() % 1_000_000);
/** How many choices of what reached the medium, besides nothing and everything. */
const choices = 3;
const traced = 'openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat';
const neverFaulty = () => 0.999;

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  console.log(`seed ${seed}`);
  const { code, lines } = await run.command('strace', 'strace', ['-o', run.path('probe'), 'true']);
  if (code !== 0) throw new Skipped(lines.join(' '));
  const server = await FaultyServer.start(run, { size: fileSize, bytesPerSecond, dice: neverFaulty });
  const daemon = new Daemon(run, { programs: tracingPrograms(run), name: 'powercut', port: await freePort() });
  await daemon.start();
  await downloadWithAPause(daemon, server);
  const { pid } = daemon;
  await daemon.stop();
  const account = () => readFileSync(run.path('trace'), 'latin1');
  const text = await until('strace has written all', () => new RegExp(`^${pid}\\s+\\+\\+\\+ exited`, 'm').test(account()) && account());
  const operations = readTrace(text, daemon.downloads);
  const seen = replay(operations, daemon.downloads, server.data);
  console.log(`${operations.length} steps, ${seen.states} states, ${seen.journals} of them with a journal`);
  assert.ok(seen.journals > 0 && seen.claimed > 0, 'journals that claim something were seen');
  assert.ok(seen.finished > 0, 'the finished file was seen');
  console.log('no journal claims what is not there');
}

/** A folder in which `drayd` is the real one under strace. */
function tracingPrograms(run) {
  const folder = run.path('programs');
  mkdirSync(folder);
  const strace = `strace -D -f -y -x -s ${MiB} -e trace=${traced} -o ${run.path('trace')}`;
  writeFileSync(path.join(folder, 'drayd'), `#!/bin/sh\nexec ${strace} -- ${path.join(programs, 'drayd')} "$@"\n`, { mode: 0o755 });
  return folder;
}

/** Pause and resume: a flush in the middle, and a journal that is adopted. */
async function downloadWithAPause(daemon, server) {
  const added = await asked(daemon, 'POST', '/api/v1/jobs', { kind: 'download', url: server.url('file.bin'), connections: 3 });
  const { id } = added.job;
  const job = async () => (await asked(daemon, 'GET', `/api/v1/jobs/${id}`)).job;
  await until('a third is there', async () => (await job()).done > fileSize / 3);
  await asked(daemon, 'POST', `/api/v1/jobs/${id}/pause`, {});
  await until('it is paused', async () => (await job()).state === 'paused');
  await asked(daemon, 'POST', `/api/v1/jobs/${id}/resume`, {});
  const done = await until('it ends', async () => [await job()].find(({ state }) => state === 'succeeded' || state === 'failed'), 60);
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error));
  assert.equal(done.sha256, server.sha256);
}

function replay(operations, folder, data) {
  const dice = seededDice(seed);
  const state = new TracedFolder(folder);
  const account = { states: 0, journals: 0, claimed: 0, finished: 0 };
  for (const operation of operations) {
    state.apply(operation);
    const leftovers = [state.afterPowerCut(0, () => false), state.afterPowerCut(1, () => true), state.afterPowerCut(1, () => false)];
    for (let i = 0; i < choices; i++) leftovers.push(state.afterPowerCut(dice(), () => dice() < 0.5));
    for (const files of leftovers) check(files, data, account, `after step ${operations.indexOf(operation)}`);
  }
  return account;
}

function check(files, data, account, when) {
  account.states++;
  for (const [name, content] of files) {
    if (name.endsWith('.bin')) {
      account.finished++;
      assert.ok(content.equals(data), `${when}: ${path.basename(name)} has its final name and is not whole`);
    }
    if (!name.endsWith('.part.journal')) continue;
    account.journals++;
    const part = files.get(name.replace(/\.journal$/, '')) ?? files.get(name.replace(/\.part\.journal$/, ''));
    for (const [begin, end] of claims(content.toString('latin1'))) {
      const held = part?.subarray(begin, end) ?? Buffer.alloc(0);
      assert.ok(held.equals(data.subarray(begin, end)), `${when}: the journal claims ${begin}-${end}, which the part does not hold`);
      account.claimed += (end - begin) / MiB;
    }
  }
}

/** The ranges a journal says are done. */
function claims(journal) {
  return [...journal.matchAll(/^done (\d+) (\d+)/gm)].map(([, begin, end]) => [Number(begin), Number(end)]);
}

await runTest('powercut', main, { success: 'power cut: done', hint: `seed ${seed}` });
