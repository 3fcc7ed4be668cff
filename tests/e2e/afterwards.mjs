// What happens around a download, through a real drayd and drayctl: a list of links, folders by
// category, files that exist already, and what follows a finished file.
//
//     node afterwards.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { freePort, runTest, until } from './support/testrun.mjs';

const Exit = { Done: 0, Usage: 2 };

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const server = await FileServer.start(run, { name: 'image.bin', size: 100_000, bytesPerSecond: 0 });
  const scene = { run, server, site: path.dirname(server.url), daemon: new Daemon(run, { programs, name: 'main', port: await freePort() }) };
  await scene.daemon.start();
  await addsAListOrNothing(scene);
  await sortsByCategory(scene);
  await treatsWhatExistsAsAsked(scene);
  await doesWhatFollows(scene);
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
  assert.deepEqual(daemon.namesIn(daemon.downloads), ['part-08.txt', 'part-09.txt', 'part-10.txt', 'renamed.bin']);
}

async function sortsByCategory({ site, daemon, server }) {
  const rules = JSON.stringify([{ name: 'Text', folder: 'texts', extensions: ['txt'] }]);
  await done(daemon, 'settings', 'download.categories', rules);
  await done(daemon, 'add', '--wait', `${site}/part-08.txt`);
  assert.deepEqual(daemon.namesIn(path.join(daemon.downloads, 'texts')), ['part-08.txt']);
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

/** The jobs of the last addition: the download, what unpacks it, what copies it. */
async function newest(daemon) {
  const { lines } = await daemon.ctl('--json', 'list');
  const jobs = JSON.parse(lines.join('\n')).sort((a, b) => Number(b.id) - Number(a.id)).slice(0, 3);
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
