// `drayd` with its own data folder and, where wanted, its own small or read-only file systems; and
// `drayctl` beside it.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './testrun.mjs';

const endSeconds = 15;
/** Some commands wait for yt-dlp, to which a busy machine gives little. */
const commandSeconds = 90;

// Mounts what stands before "--" (TYPE OPTIONS FOLDER each) and becomes the program behind it.
const mountAndRun = 'while [ "$1" != -- ]; do mount -t "$1" -o "$2" "$1" "$3" || exit 1; shift 3; done; shift; exec "$@"';

/** Why this machine gives nobody a mount of his own, or an empty text when it does. */
export async function whyNoMounts(run) {
  const absent = (error) => ({ code: null, lines: [error.message] });
  const { code, lines } = await run.command('unshare', 'unshare', [...ownMounts(), 'true']).catch(absent);
  return code === 0 ? '' : lines.join(' ');
}

/** Mounts made there are seen by that process alone, and go when it ends, however it ends. */
function ownMounts() {
  return process.getuid() === 0 ? ['--mount'] : ['--map-root-user', '--mount'];
}

export class Daemon {
  #process = null;

  /**
   * `programs` is the folder that holds drayd and drayctl. `name` names its folders in the run's.
   * `mounts` are `{folder, type, options}` that the daemon alone sees; `options` more of its own.
   */
  constructor(run, { programs, name, port, mounts = [], options = [] }) {
    this.run = run;
    this.programs = programs;
    this.port = port;
    this.mounts = mounts;
    this.options = options;
    this.data = run.path(name, 'data');
    this.downloads = run.path(name, 'downloads');
    for (const folder of [this.data, this.downloads, run.path(name, 'home')]) mkdirSync(folder, { recursive: true });
    this.environment = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: run.path(name, 'home') };
  }

  get pid() {
    return this.#process.pid;
  }

  get isRunning() {
    return this.#process?.exit === null;
  }

  /** `{code, signal}` of its end; null while it runs. */
  get exit() {
    return this.#process.exit;
  }

  /** What it has written since its start. */
  get lines() {
    return this.#process.lines;
  }

  /** What it has written to stderr since its start. */
  get errorLines() {
    return this.#process.errorLines;
  }

  async start() {
    const [command, ...args] = this.#command();
    this.#process = this.run.start('drayd', command, args, { env: this.environment });
    await until('drayd listens', () => !this.isRunning || this.#isListening());
    if (!this.isRunning) throw new Error(`drayd ended\n${this.#process.lines.join('\n')}`);
  }

  /** Starts it where it cannot: `{code, lines, errorLines}` of its end. */
  runToItsEnd(...more) {
    const args = [...this.#arguments(), ...more];
    return this.run.command('drayd', path.join(this.programs, 'drayd'), args, { env: this.environment, seconds: endSeconds });
  }

  stop() {
    return this.#process.stop();
  }

  /** `{url, pid, token}` of the hub that runs. */
  endpoint() {
    return JSON.parse(readFileSync(path.join(this.data, 'endpoint.json'), 'utf8'));
  }

  /** Runs drayctl to its end: `{code, lines, errorLines}`. */
  ctl(...args) {
    return this.#drayctl(this.data, args);
  }

  /** The same as whoever has `token`. */
  ctlAs(token, ...args) {
    const data = this.run.path('others-data');
    mkdirSync(data, { recursive: true });
    writeFileSync(path.join(data, 'endpoint.json'), JSON.stringify({ ...this.endpoint(), token }));
    return this.#drayctl(data, args);
  }

  /** The path by which others find a folder that the daemon alone sees. */
  seen(folder) {
    return path.join('/proc', String(this.pid), 'root', folder);
  }

  /** The names in a folder as the daemon sees it, sorted; none when it is not there. */
  namesIn(folder) {
    try {
      return readdirSync(this.seen(folder)).sort();
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    }
  }

  #drayctl(data, args) {
    return this.run.command('drayctl', path.join(this.programs, 'drayctl'), ['--data-dir', data, ...args], { env: this.environment, seconds: commandSeconds });
  }

  #arguments() {
    return ['--data-dir', this.data, '--download-dir', this.downloads, '--listen', `127.0.0.1:${this.port}`, ...this.options];
  }

  #command() {
    const drayd = [path.join(this.programs, 'drayd'), ...this.#arguments()];
    if (this.mounts.length === 0) return drayd;
    const mounts = this.mounts.flatMap(({ type, options, folder }) => [type, options, folder]);
    return ['unshare', ...ownMounts(), 'sh', '-c', mountAndRun, 'sh', ...mounts, '--', ...drayd];
  }

  #isListening() {
    try {
      return this.endpoint().pid === this.pid;
    } catch {
      return false;
    }
  }
}
