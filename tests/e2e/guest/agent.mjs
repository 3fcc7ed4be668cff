// In the guest: runs the commands that arrive on a port, one JSON object per line, and answers in kind.
//
//     {id, as, argv}   starts argv as the user of that number, with what he has to have in his environment
//     {id, signal}     sends a signal to the process of that id
//     {id, line}       it has written a line, to stdout or stderr
//     {id, pid}        it runs
//     {id, exit}       it ended: a number, or the name of the signal that ended it
import { spawn } from 'node:child_process';
import { createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [port] = process.argv.slice(2);
const fd = openSync(port, 'r+');
const running = new Map();

const say = (message) => writeAll(Buffer.from(`${JSON.stringify(message)}\n`));

function writeAll(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function take({ id, as, argv, signal }) {
  if (signal) return void running.get(id)?.kill(signal);
  const home = as.uid === 0 ? '/root' : `/home/${as.name}`;
  const env = { PATH: process.env.PATH, LANG: process.env.LANG, HOME: home, USER: as.name };
  const child = spawn(argv[0], argv.slice(1), { cwd: '/', env, uid: as.uid, gid: as.uid, stdio: ['ignore', 'pipe', 'pipe'] });
  running.set(id, child);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => say({ id, line }));
  child.on('spawn', () => say({ id, pid: child.pid }));
  child.on('error', (error) => say({ id, line: error.message, exit: 127 }));
  child.on('close', (code, ended) => say({ id, exit: code ?? ended }));
}

say({ ready: true });
createInterface({ input: createReadStream(null, { fd, autoClose: false }) }).on('line', (line) => take(JSON.parse(line)));
