// `dray` on a screen of its own, with its own data folder, and `drayctl` beside it.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './testrun.mjs';

// What ui/models/joblistmodel writes at debug level for every look of a row.
const rowLine = /dray\.window: row (?<id>\d+) (?<state>\w+) (?<done>\d+)(?: (?<sha256>[0-9a-f]{64}))?\s*$/;

export class Hub {
  #process = null;

  /** `programs` is the folder that holds dray and drayctl; `port` stays the same over restarts. */
  constructor(run, { programs, screen, port }) {
    this.run = run;
    this.programs = programs;
    this.port = port;
    this.data = run.path('data');
    this.downloads = run.path('downloads');
    for (const folder of [this.data, this.downloads, run.path('home')]) mkdirSync(folder);
    this.environment = this.#environmentFor(screen);
  }

  /** Starts the window; `onRow({id, state, done, sha256})` is told every look of a row. */
  async start(onRow) {
    const args = ['--data-dir', this.data, '--download-dir', this.downloads, '--listen', `127.0.0.1:${this.port}`];
    this.#process = this.run.start('dray', path.join(this.programs, 'dray'), args, { env: this.environment });
    this.#process.onLine((line) => {
      const row = rowLine.exec(line)?.groups;
      if (row) onRow({ ...row, done: Number(row.done) });
    });
    await until('dray listens', () => this.#process.exit !== null || this.#isListening());
    if (this.#process.exit !== null) throw new Error(`dray ended\n${this.#process.lines.join('\n')}`);
  }

  /** What the window writes from here on, line by line; of this start. */
  onLine(listener) {
    this.#process.onLine(listener);
  }

  /** As when the power fails. */
  async kill() {
    this.#process.signal('SIGKILL');
    await this.#process.ended;
  }

  /** `{url, pid, token}` of the hub that runs. */
  endpoint() {
    return JSON.parse(readFileSync(path.join(this.data, 'endpoint.json'), 'utf8'));
  }

  /** Runs drayctl to its end; fails unless it did what it was asked. Returns its lines. */
  async ctl(...args) {
    const { code, lines } = await this.run.command('drayctl', path.join(this.programs, 'drayctl'), this.#ctlArguments(args), {
      env: this.environment,
    });
    if (code !== 0) throw new Error(`drayctl ${args.join(' ')} answered ${code}: ${lines.join('\n')}`);
    return lines;
  }

  /** `drayctl watch --json`: `onJob(job)` is told every line. */
  watch(onJob) {
    const child = this.run.start('drayctl watch', path.join(this.programs, 'drayctl'), this.#ctlArguments(['watch', '--json']), {
      env: this.environment,
    });
    child.onLine((line) => line.startsWith('{') && onJob(JSON.parse(line)));
    return child;
  }

  #ctlArguments(args) {
    return ['--data-dir', this.data, ...args];
  }

  #isListening() {
    try {
      return this.endpoint().pid === this.#process.pid;
    } catch {
      return false;
    }
  }

  /** Nothing of the developer's own desktop, settings or session bus is touched. */
  #environmentFor(screen) {
    return {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: this.run.path('home'),
      DISPLAY: screen.display,
      QT_QPA_PLATFORM: 'xcb',
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      QT_LOGGING_RULES: 'dray.window.debug=true',
    };
  }
}

/** The ranges `[begin, end)` that the journal of an unfinished download proves. */
export function provenRanges(target) {
  return readFileSync(`${target}.part.journal`, 'utf8')
    .split('\n')
    .map((line) => /^done (\d+) (\d+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, begin, end]) => ({ begin: Number(begin), end: Number(end) }));
}
