// Kills drayd again and again while it downloads from a server that breaks off, resets, stalls and
// refuses. Every file must come out byte-exact, and a kill may cost what its last two seconds brought
// and no more.
//
//     node torture.mjs PROGRAMS WEB OUTPUT        100 kills; DRAY_KILLS=1000 for more, DRAY_SEED=N again
//
// PROGRAMS holds drayd; WEB and OUTPUT are not used. Prints the seed. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { FaultyServer, seededDice } from './support/faultyserver.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const MiB = 1024 * 1024;
const kills = Number(process.env.DRAY_KILLS ?? 100);
const seed = Number(process.env.DRAY_SEED ?? Date.now() % 1_000_000);
const fileSize = 24 * MiB;
const bytesPerSecond = 1 * MiB; // of each connection
const connections = 4;
/** Between start and kill: often before the first checkpoint, sometimes well behind it. */
const shortestMs = 50;
const longestMs = 2_600;
const lostWindowMs = 2_000;
/** What a broken or shortened request had on its way that nobody could use. */
const inFlightBytes = 256 * 1024;

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  console.log(`seed ${seed}, ${kills} kills`);
  const dice = seededDice(seed);
  const server = await FaultyServer.start(run, { size: fileSize, bytesPerSecond, dice });
  const daemon = new Daemon(run, { programs, name: 'torture', port: await freePort() });
  await daemon.start();
  const killedAt = [];
  let files = 0;
  while (killedAt.length < kills) {
    await downloadOnce({ server, daemon, dice, killedAt, name: `file${++files}.bin` });
    console.log(`${killedAt.length} kills, ${files} files right, faults ${JSON.stringify(server.faults)}`);
  }
}

/** One file, from its addition to its proof; drayd is killed on the way as the dice want. */
async function downloadOnce({ server, daemon, dice, killedAt, name }) {
  const begunAt = Date.now();
  const requestsBefore = totalFaults(server);
  const firstKill = killedAt.length;
  const { id } = (await asked(daemon, 'POST', '/api/v1/jobs', { kind: 'download', url: server.url(name), connections })).job;
  let job = null;
  while ((job = await endWithin(daemon, id, killedAt.length < kills ? delay(dice) : Infinity)) === null) {
    killedAt.push(Date.now());
    process.kill(daemon.pid, 'SIGKILL');
    await until('the kernel has ended it', () => !daemon.isRunning);
    await daemon.start();
  }
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  assert.equal(job.sha256, server.sha256);
  assert.equal(await digestOf(job.target), server.sha256);
  const requests = totalFaults(server) - requestsBefore;
  assertLittleFetchedAgain(server, begunAt, killedAt.slice(firstKill), requests);
  rmSync(job.target);
  server.sent.length = 0;
}

function delay(dice) {
  return shortestMs + dice() * (longestMs - shortestMs);
}

/** The job when it ended within `ms`, else null. A failed one is tried again, as its user would. */
async function endWithin(daemon, id, ms) {
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    const { job } = await asked(daemon, 'GET', `/api/v1/jobs/${id}`);
    if (job.state === 'succeeded') return job;
    if (job.state === 'failed') {
      assert.ok(job.error.retryable, JSON.stringify(job.error));
      await asked(daemon, 'POST', `/api/v1/jobs/${id}/retry`, {});
    }
    await pause(Math.min(20, Math.max(1, deadline - Date.now())));
  }
  return null;
}

function totalFaults({ faults }) {
  return Object.values(faults).reduce((sum, count) => sum + count, 0);
}

function assertLittleFetchedAgain(server, begunAt, killedAt, faults) {
  const sent = server.bytesSentBetween(begunAt, Infinity);
  const lost = killedAt.reduce((sum, time) => sum + server.bytesSentBetween(time - lostWindowMs, time), 0);
  const inFlight = (faults + killedAt.length * connections + connections) * inFlightBytes;
  assert.ok(sent - fileSize <= lost + inFlight, `${sent} bytes were sent for ${fileSize}; the kills explain ${lost}, broken requests ${inFlight}`);
}

async function digestOf(file) {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  return hash.digest('hex');
}

await runTest('torture', main, { success: 'torture: every file is right', hint: `seed ${seed}` });
