// Media jobs through a real drayd, drayctl and yt-dlp: a list whose items are jobs of their own, one of
// them gone; pause, cancel and a kill in the middle of a video.
//
//     node media.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl; WEB and OUTPUT are not used. Ends with exit code 0 when all held.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { GuardedSite } from './support/guardedsite.mjs';
import { freePort, runTest, until as within } from './support/testrun.mjs';

const bytesPerSecond = 64 * 1024; // a video takes seconds, long enough to stop it in between
const until = (what, condition) => within(what, condition, 90); // yt-dlp reads a thousand modules, twice

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));

async function main(run) {
  const server = await FileServer.start(run, { name: 'other.bin', size: 10, bytesPerSecond });
  makeFilms(run);
  const site = path.dirname(server.url);
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  await listBecomesJobs({ run, site, daemon });
  await stopsAndGoesOn({ run, site, daemon });
  await survivesAKill({ run, site, daemon });
  await keepsTheLimitOfAll({ site, daemon });
  await isFollowed({ run, site, daemon });
  await cancelLeavesNothing({ site, daemon });
  await takesTheCookiesOfTheSite({ run, daemon });
  await aPageIsTakenAsWhatItIs({ run, site, daemon });
  await noPageLeadsToDrayItself({ run, site, daemon });
  await refusalsNameWhatIsWrong({ site, daemon });
}

function makeFilms(run) {
  const film = run.path('www', 'clip.mp4');
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=8', '-f', 'lavfi', '-i', 'sine=duration=8'];
  execFileSync('ffmpeg', ['-loglevel', 'error', ...picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', film]);
  execFileSync('ffmpeg', ['-loglevel', 'error', '-i', film, '-c', 'copy', '-f', 'hls', '-hls_time', '2', run.path('www', 'talk.m3u8')]);
}

async function listBecomesJobs({ run, site, daemon }) {
  const item = (name) => `<item><title>${name}</title><link>${site}/${name}</link></item>`;
  const items = ['clip.mp4', 'gone.mp4', 'talk.m3u8'].map(item).join('');
  writeFileSync(run.path('www', 'course.rss'), `<?xml version="1.0"?><rss version="2.0"><channel><title>Course</title>${items}</channel></rss>`);
  const list = await daemon.ctl('add', '--media', '--wait', `${site}/course.rss`);
  assert.equal(list.code, 0, list.lines.join('\n'));
  assert.match(list.lines.at(-1), /3 items, each a job of its own/);
  const ended = await until('all items have ended', async () => {
    const jobs = (await jobsOf(daemon)).filter((job) => job.title !== 'Course');
    return jobs.length === 3 && jobs.every((job) => ['succeeded', 'failed'].includes(job.state)) && jobs;
  });
  const states = Object.fromEntries(ended.map((job) => [path.basename(job.source), job.state]));
  assert.deepEqual(states, { 'clip.mp4': 'succeeded', 'gone.mp4': 'failed', 'talk.m3u8': 'succeeded' });
  assert.equal(ended.find((job) => job.state === 'failed').error.code, 'notFound');
  await until('what they worked in goes when the ends are stored', () => filesOf(daemon).join() === 'clip.mp4,talk.mp4');
  assertSameBytes(run, path.join(daemon.downloads, 'clip.mp4'));
}

async function stopsAndGoesOn({ run, site, daemon }) {
  const id = await add(daemon, `${site}/clip.mp4`, 'paused');
  await begun(daemon, id);
  await daemon.ctl('pause', id);
  await until('it is paused', async () => (await jobOf(daemon, id)).state === 'paused');
  assert.deepEqual(programsAtWork(), []);
  await daemon.ctl('resume', id);
  const job = await succeeded(daemon, id);
  assert.equal(job.attempt, 1);
  assertSameBytes(run, job.target);
}

async function survivesAKill({ run, site, daemon }) {
  const id = await add(daemon, `${site}/clip.mp4`, 'killed');
  await begun(daemon, id);
  process.kill(daemon.pid, 'SIGKILL');
  await until('the kernel has ended it', () => !daemon.isRunning);
  await until('yt-dlp has ended with it', () => programsAtWork().length === 0);
  await daemon.start();
  const job = await succeeded(daemon, id);
  assertSameBytes(run, job.target);
  assert.equal(path.basename(job.target), 'killed.mp4');
}

async function keepsTheLimitOfAll({ site, daemon }) {
  await daemon.ctl('limit', '32k');
  const id = await add(daemon, `${site}/clip.mp4`, 'limited');
  const [program] = await until('yt-dlp is at work', () => programsAtWork().length > 0 && programsAtWork());
  assert.match(program, /--limit-rate 32768/);
  await daemon.ctl('cancel', id);
  await until('it is canceled', async () => (await jobOf(daemon, id)).state === 'canceled');
  await daemon.ctl('limit', '0');
}

/** Without a kind: a page with a video becomes media, any other page is a file. */
async function aPageIsTakenAsWhatItIs({ run, site, daemon }) {
  writeFileSync(run.path('www', 'watch.html'), '<html><head><title>Seen</title></head><body><video src="clip.mp4"></video></body></html>');
  writeFileSync(run.path('www', 'words.html'), '<html><head><title>Words</title></head><body>only words</body></html>');
  for (const name of ['watch.html', 'words.html']) {
    const added = await daemon.ctl('add', '--wait', `${site}/${name}`);
    assert.equal(added.code, 0, added.lines.join('\n'));
  }
  const [words, watched] = (await jobsOf(daemon)).sort((a, b) => Number(b.id) - Number(a.id));
  assert.deepEqual([words.kind, watched.kind], ['download', 'media']);
  assert.equal(readFileSync(words.target, 'utf8'), readFileSync(run.path('www', 'words.html'), 'utf8'));
  assertSameBytes(run, watched.target);
}

async function isFollowed({ run, site, daemon }) {
  const films = run.path('films');
  const following = ['--then-move', films, '--then-run', 'cp {path} {folder}/copy.mp4'];
  const added = await daemon.ctl('add', '--media', '--wait', '--name', 'kept', ...following, `${site}/clip.mp4`);
  assert.equal(added.code, 0, added.lines.join('\n'));
  const copy = path.join(films, 'copy.mp4');
  const follow = async () => (await jobsOf(daemon)).every((job) => ['succeeded', 'failed', 'canceled'].includes(job.state));
  await until('both have followed', async () => existsSync(copy) && (await follow()));
  for (const file of [copy, path.join(films, 'kept.mp4')]) assertSameBytes(run, file);
  assert.ok(!filesOf(daemon).includes('kept.mp4'));
}

async function cancelLeavesNothing({ site, daemon }) {
  const before = filesOf(daemon);
  const id = await add(daemon, `${site}/clip.mp4`, 'canceled');
  await begun(daemon, id);
  await daemon.ctl('cancel', id);
  await until('it is canceled', async () => (await jobOf(daemon, id)).state === 'canceled');
  await until('its files are gone', () => filesOf(daemon).length === before.length);
  assert.deepEqual(filesOf(daemon), before);
}

async function noPageLeadsToDrayItself({ run, site, daemon }) {
  const own = `http://127.0.0.1:${daemon.port}/healthz`;
  writeFileSync(run.path('www', 'trap.html'), `<html><head><title>Trap</title></head><body><video src="${own}"></video></body></html>`);
  const added = await daemon.ctl('add', '--wait', `${site}/trap.html`);
  assert.ok(!filesOf(daemon).some((name) => name.startsWith('healthz')), added.lines.join('\n'));
  const media = await daemon.ctl('add', '--media', '--wait', `${site}/trap.html`);
  assert.notEqual(media.code, 0);
  assert.match(media.lines.join('\n'), /on this machine/);
}

async function refusalsNameWhatIsWrong({ site, daemon }) {
  const format = await daemon.ctl('add', '--media', '--format=--exec=id', `${site}/clip.mp4`);
  assert.notEqual(format.code, 0);
  assert.match(format.lines.join('\n'), /--exec=id/);
  const alone = await daemon.ctl('add', '--audio-only', `${site}/clip.mp4`);
  assert.equal(alone.code, 2);
  assert.match(alone.lines.join('\n'), /--audio-only goes with --media/);
}

/** Adds a media job; answers its id. */
async function add(daemon, url, name) {
  return (await asked(daemon, 'POST', '/api/v1/jobs', { kind: 'media', url, name })).job.id;
}

/** The member that downloads have; yt-dlp gets them for their host alone, in a file nobody else reads. */
async function takesTheCookiesOfTheSite({ run, daemon }) {
  const members = await GuardedSite.start(run, { folder: run.path('www'), cookie: 'sid=topsecret', bytesPerSecond: 256 * 1024 });
  const url = `${members.url}/elsewhere.m3u8`;
  members.splitPlaylist('talk.m3u8', '/elsewhere.m3u8');
  const spec = { kind: 'media', url, name: 'guarded' };
  const stranger = (await asked(daemon, 'POST', '/api/v1/jobs', { ...spec, name: 'stranger' })).job.id;
  await until('a stranger is sent away', async () => (await jobOf(daemon, stranger)).state === 'failed');
  const { id } = (await asked(daemon, 'POST', '/api/v1/jobs', { ...spec, headers: { Cookie: 'sid=topsecret' } })).job;
  await begun(daemon, id);
  const [place] = readdirSync(daemon.data).filter((name) => name.startsWith('media-'));
  const modes = ['', 'cookies.txt'].map((name) => statSync(path.join(daemon.data, place, name)).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o600]);
  assert.ok(!programsAtWork().join().includes('topsecret'));
  const job = await succeeded(daemon, id);
  assert.equal(job.kind, 'media');
  assert.ok(members.guarded.length > 0);
  assert.deepEqual(members.elsewhere.map(({ cookie }) => cookie), [undefined]);
  assert.deepEqual(readdirSync(daemon.data).filter((name) => name.startsWith('media-')), []);
  const told = [JSON.stringify(await asked(daemon, 'GET', `/api/v1/jobs/${id}`)), ...daemon.lines].join();
  assert.ok(!told.includes('topsecret'));
}

function begun(daemon, id) {
  return until('bytes have come', async () => (await jobOf(daemon, id)).done > 0);
}

async function succeeded(daemon, id) {
  const job = await until('it has ended', async () => {
    const found = await jobOf(daemon, id);
    return ['succeeded', 'failed'].includes(found.state) && found;
  });
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  return job;
}

async function jobOf(daemon, id) {
  return (await asked(daemon, 'GET', `/api/v1/jobs/${id}`)).job;
}

async function jobsOf(daemon) {
  return (await asked(daemon, 'GET', '/api/v1/jobs')).jobs;
}

/** Everything in the download folder, hidden files too. */
function filesOf(daemon) {
  return readdirSync(daemon.downloads).sort();
}

function assertSameBytes(run, file) {
  assert.ok(readFileSync(file).equals(readFileSync(run.path('www', 'clip.mp4'))), `${file} is the video`);
}

/** The yt-dlp processes that work for a media job of this test's drayd. */
function programsAtWork() {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => commandOf(name));
  return lines.filter((line) => line.includes('yt-dlp') && line.includes('/.media-'));
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it ended meanwhile
  }
}

await runTest('media', main, { success: 'media: all held' });
