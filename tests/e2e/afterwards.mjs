// What happens around a download, through a real drayd and drayctl: a list of links, folders by
// category, files that exist already, and what follows a finished file, also when drayd ends meanwhile.
//
//     node afterwards.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const Exit = { Done: 0, Usage: 2 };
const bigSize = 300_000_000; // a copy of it can be seen

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const server = await FileServer.start(run, { name: 'image.bin', size: 100_000, bytesPerSecond: 0 });
  const scene = { run, server, site: path.dirname(server.url), daemon: new Daemon(run, { programs, name: 'main', port: await freePort() }) };
  await scene.daemon.start();
  await addsAListOrNothing(scene);
  await sortsByCategory(scene);
  await treatsWhatExistsAsAsked(scene);
  await doesWhatFollows(scene);
  await movesWhatIsFinished(scene);
  await saysWhatCannotFollow(scene);
  await failsACommandThatWasCutOff(scene);
  await finishesAMoveThatWasCutOff(scene);
}

async function addsAListOrNothing({ run, site, daemon }) {
  for (const name of ['part-08.txt', 'part-09.txt', 'part-10.txt']) writeFileSync(run.path('www', name), name);
  const list = run.path('links.txt');
  writeFileSync(list, `# parts\n${site}/part-[08-10].txt\n\n${site}/image.bin\n  out=renamed.bin\n`);
  writeFileSync(run.path('bad.txt'), `${site}/image.bin\nno link\n`);
  const refused = await daemon.ctl('add', '--input', run.path('bad.txt'));
  assert.equal(refused.code, Exit.Usage);
  assert.match(refused.lines.join('\n'), /line 2/);
  assert.deepEqual(daemon.namesIn(daemon.downloads), []);
  const added = await daemon.ctl('add', '--wait', '--input', list);
  assert.equal(added.code, Exit.Done, added.lines.join('\n'));
  await holdsOnly(daemon, daemon.downloads, ['part-08.txt', 'part-09.txt', 'part-10.txt', 'renamed.bin']);
}

/** A journal goes when the job's success is on disk, which may be a moment later. */
function holdsOnly(daemon, folder, names) {
  return until(`${folder} holds only ${names}`, () => JSON.stringify(daemon.namesIn(folder)) === JSON.stringify(names));
}

async function sortsByCategory({ site, daemon, server }) {
  const rules = JSON.stringify([{ name: 'Text', folder: 'texts', extensions: ['txt'] }]);
  await done(daemon, 'settings', 'download.categories', rules);
  await done(daemon, 'add', '--wait', `${site}/part-08.txt`);
  await holdsOnly(daemon, path.join(daemon.downloads, 'texts'), ['part-08.txt']);
  const unknown = await daemon.ctl('add', '--category', 'Music', server.url);
  assert.notEqual(unknown.code, Exit.Done);
  assert.match(unknown.lines.join('\n'), /Music.*Text/);
  await done(daemon, 'settings', 'download.categories', '');
}

async function treatsWhatExistsAsAsked({ daemon, server, run }) {
  const target = path.join(daemon.downloads, 'image.bin');
  writeFileSync(target, 'mine');
  await done(daemon, 'add', '--wait', '--if-exists', 'skip', '--name', 'image.bin', `${server.url}?1`);
  assert.equal(readFileSync(target, 'utf8'), 'mine');
  const asked = await daemon.ctl('add', '--if-exists', 'ask', `${server.url}?1`);
  assert.notEqual(asked.code, Exit.Done);
  assert.match(asked.lines.join('\n'), /exists/);
  await done(daemon, 'add', '--wait', '--if-exists', 'overwrite', server.url);
  assert.deepEqual(readFileSync(target), readFileSync(run.path('www', 'image.bin')));
  const again = await daemon.ctl('add', '--if-exists', 'ask', server.url);
  assert.match(again.lines.join('\n'), /job \d+/);
}

async function doesWhatFollows({ run, site, daemon }) {
  mkdirSync(run.path('packed'));
  writeFileSync(run.path('packed', 'inside.txt'), 'inside');
  execFileSync('tar', ['-czf', run.path('www', 'packed.tar.gz'), '-C', run.folder, 'packed']);
  await done(daemon, 'add', '--then', 'extract', '--then-run', 'cp {path} {folder}/copy-{size}', `${site}/packed.tar.gz`);
  await until('the last job has ended', async () => (await newest(daemon)).every((job) => job.state === 'succeeded'));
  assert.equal(readFileSync(path.join(daemon.downloads, 'packed', 'inside.txt'), 'utf8'), 'inside');
  const packed = readFileSync(run.path('www', 'packed.tar.gz'));
  assert.deepEqual(readFileSync(path.join(daemon.downloads, `copy-${packed.length}`)), packed);
}

async function movesWhatIsFinished({ run, daemon, server }) {
  const films = run.path('films');
  const following = ['--then-move', films, '--then-run', 'cp {path} {folder}/copy'];
  const [download, move] = await succeeded(daemon, ...following, '--name', 'film.bin', `${server.url}?move`);
  assert.deepEqual([download.target, move.target], [path.join(films, 'film.bin'), path.join(films, 'film.bin')]);
  await until('nothing hidden is left', () => readdirSync(films).length === 2);
  for (const name of ['film.bin', 'copy']) assert.deepEqual(readFileSync(path.join(films, name)), readFileSync(run.path('www', 'image.bin')));
  assert.equal(existsSync(path.join(daemon.downloads, 'film.bin')), false);
  await done(daemon, 'remove', '--files', download.id);
  assert.deepEqual(readdirSync(films), ['copy']);
}

async function saysWhatCannotFollow({ daemon, server }) {
  const [, , opening] = await ended(daemon, '--then-run', 'true', '--then-open', `${server.url}?open`);
  assert.equal(opening.state, 'failed');
  assert.match(opening.error.message, /no desktop.*DISPLAY/);
  const nothing = ['--if-exists', 'skip', '--name', 'image.bin', '--then-run', 'false', `${server.url}?nothing`];
  const [, follower] = await succeeded(daemon, ...nothing);
  assert.match(follower.message, /no file/);
}

/** What a command did may not be done twice, however drayd ended. */
async function failsACommandThatWasCutOff({ run, daemon, server }) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    const runs = run.path(`${signal}.runs`);
    const jobs = await added(daemon, '--then-run', `sh -c "echo begun >> ${runs}; exec sleep 600"`, `${server.url}?${signal}`);
    await until('the command runs', () => existsSync(runs) && readFileSync(runs, 'utf8') === 'begun\n');
    process.kill(daemon.pid, signal);
    await until('drayd has ended', () => !daemon.isRunning);
    await daemon.start();
    const command = await jobOf(daemon, jobs[1].id);
    assert.equal(command.state, 'failed', signal);
    assert.match(command.error.message, /program ended while the command ran/);
    await done(daemon, 'add', '--wait', '--then-run', 'true', `${server.url}?after-${signal}`);
    assert.equal(readFileSync(runs, 'utf8'), 'begun\n');
  }
}

/** Answers the download and its move. */
async function killedWhileItMoves(daemon, elsewhere, url) {
  const jobs = await added(daemon, '--then-move', elsewhere, url);
  await until('the copy has begun', () => readdirSync(elsewhere).length > 0);
  process.kill(daemon.pid, 'SIGKILL');
  await until('drayd has ended', () => !daemon.isRunning);
  return jobs;
}

/** To another file system, where there is one: a copy that takes a while, and drayd is killed in it. */
async function finishesAMoveThatWasCutOff({ run, site, daemon }) {
  const elsewhere = mkdtempSync('/dev/shm/dray-afterwards-');
  run.onEnd(async () => rmSync(elsewhere, { recursive: true, force: true }));
  const isAcross = statSync(elsewhere).dev !== statSync(daemon.downloads).dev;
  const content = randomBytes(bigSize);
  writeFileSync(run.path('www', 'big.bin'), content);
  const isCaught = () => !isAcross || existsSync(path.join(daemon.downloads, 'big.bin'));
  let jobs = await killedWhileItMoves(daemon, elsewhere, `${site}/big.bin`);
  for (let tries = 1; !isCaught(); tries++) { // the copy was faster than we
    assert.ok(tries < 10, 'killed while it copied');
    await daemon.start();
    await endOf(daemon, jobs[1].id);
    rmSync(path.join(elsewhere, 'big.bin'));
    jobs = await killedWhileItMoves(daemon, elsewhere, `${site}/big.bin`);
  }
  await daemon.start();
  const move = await endOf(daemon, jobs[1].id);
  assert.equal(move.state, 'succeeded', JSON.stringify(move.error));
  assert.equal((await jobOf(daemon, jobs[0].id)).target, path.join(elsewhere, 'big.bin'));
  assert.ok(readFileSync(path.join(elsewhere, 'big.bin')).equals(content));
  assert.equal(existsSync(path.join(daemon.downloads, 'big.bin')), false);
  await until('nothing hidden is left', () => readdirSync(elsewhere).length === 1);
}

/** Adds a download; answers it and what follows it, in this order. */
async function added(daemon, ...args) {
  const before = await jobsOf(daemon);
  await done(daemon, 'add', ...args);
  const known = new Set(before.map((job) => job.id));
  return (await jobsOf(daemon)).filter((job) => !known.has(job.id));
}

/** The same, when all of them have ended. */
async function ended(daemon, ...args) {
  const jobs = await added(daemon, ...args);
  return Promise.all(jobs.map((job) => endOf(daemon, job.id)));
}

async function succeeded(daemon, ...args) {
  const jobs = await ended(daemon, ...args);
  for (const job of jobs) assert.equal(job.state, 'succeeded', JSON.stringify(job));
  return Promise.all(jobs.map((job) => jobOf(daemon, job.id))); // a move changes the download
}

function endOf(daemon, id) {
  return until(`job ${id} has ended`, async () => {
    const job = await jobOf(daemon, id);
    return ['succeeded', 'failed', 'canceled'].includes(job.state) && job;
  });
}

async function jobOf(daemon, id) {
  return (await jobsOf(daemon)).find((job) => job.id === id);
}

async function jobsOf(daemon) {
  const { lines } = await daemon.ctl('--json', 'list');
  return JSON.parse(lines.join('\n')).sort((a, b) => Number(a.id) - Number(b.id));
}

/** The jobs of the last addition: the download, what unpacks it, what copies it. */
async function newest(daemon) {
  const jobs = (await jobsOf(daemon)).reverse().slice(0, 3);
  assert.deepEqual(jobs.map((job) => job.kind), ['command', 'extract', 'download']);
  const failed = jobs.find((job) => job.state === 'failed');
  assert.equal(failed, undefined, JSON.stringify(failed));
  return jobs;
}

async function done(daemon, ...args) {
  const { code, lines } = await daemon.ctl(...args);
  assert.equal(code, Exit.Done, `${args.join(' ')}\n${lines.join('\n')}`);
}

await runTest('afterwards', main, { success: 'afterwards: all held' });
