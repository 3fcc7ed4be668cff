// One run of an end-to-end test: its temporary folder and every process it started. All of them are
// ended by their own pid and the folder is removed, however the test went.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Exit code of a test that cannot run here; ctest counts it neither as passed nor as failed. */
const skippedCode = 77;
const pollMs = 20;
const graceMs = 30_000;

/** Waits until `condition()` (may be async) answers something true and returns that. */
export async function until(what, condition, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(pollMs);
  }
}

/** A loopback port that nothing listens on, of those that the kernel gives to nobody who does not ask for it. */
export async function freePort() {
  for (;;) {
    const port = randomInt(11_000, 32_768);
    const server = createServer();
    const isFree = await new Promise((resolve) => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** A process of ours. `lines` holds what it has written to stdout and stderr, in order; `errorLines` to stderr. */
export class Child {
  lines = [];
  errorLines = [];
  exit = null;

  constructor(name, command, args, options) {
    this.name = name;
    this.process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.ended = new Promise((resolve) => {
      this.process.on('error', (error) => this.#end(resolve, { code: -1, error }));
      this.process.on('close', (code, signal) => this.#end(resolve, { code, signal }));
    });
    createInterface({ input: this.process.stdout }).on('line', (line) => this.#take(line));
    createInterface({ input: this.process.stderr }).on('line', (line) => {
      this.errorLines.push(line);
      this.#take(line);
    });
  }

  get pid() {
    return this.process.pid;
  }

  /** Calls `handler(line)` for every line so far and every later one. */
  onLine(handler) {
    this.lines.forEach(handler);
    this.handler = handler;
  }

  signal(name) {
    if (this.exit === null) this.process.kill(name);
  }

  /** Asks it to end, and makes it end when it does not. */
  async stop() {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  #take(line) {
    this.lines.push(line);
    this.handler?.(line);
  }

  #end(resolve, exit) {
    this.exit ??= exit;
    resolve(this.exit);
  }
}

export class TestRun {
  #children = [];
  #closers = [];

  constructor(name) {
    this.folder = mkdtempSync(path.join(tmpdir(), `dray-${name}-`));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => this.end().finally(() => process.exit(1)));
  }

  path(...parts) {
    return path.join(this.folder, ...parts);
  }

  start(name, command, args, options = {}) {
    const child = new Child(name, command, args, options);
    this.#children.push(child);
    return child;
  }

  /** Runs a command to its end and returns `{code, lines, errorLines}`. */
  async command(name, command, args, { seconds = 30, ...options } = {}) {
    const child = this.start(name, command, args, options);
    await until(`${name} ends`, () => child.exit, seconds);
    if (child.exit.error) throw child.exit.error;
    return { code: child.exit.code, lines: child.lines, errorLines: child.errorLines };
  }

  /** `close()` is called at the end of the run, before processes are ended. */
  onEnd(close) {
    this.#closers.push(close);
  }

  /** What the processes said last, for the reader of a failed test. */
  describe(lineCount = 12, lineLength = 300) {
    return this.#children
      .map((child) => {
        const end = child.exit ? `ended ${JSON.stringify(child.exit)}` : 'running';
        const last = child.lines.slice(-lineCount).map((line) => line.slice(0, lineLength));
        return [`--- ${child.name} (pid ${child.pid}, ${end})`, ...last].join('\n');
      })
      .join('\n');
  }

  async end() {
    for (const close of this.#closers.reverse()) await close().catch(() => {});
    for (const child of this.#children.reverse()) await child.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Thrown by what cannot run here; `message` says why. */
export class Skipped extends Error {}

/** Ends a test that cannot run here: says why, and gives the exit code. */
export function tellSkipped(reason) {
  console.log(`skipped: ${reason}`);
  process.exitCode = skippedCode;
}

/**
 * Runs `main(run)` as the whole of a test: tells how it went, `hint` when it failed, and ends what it started. A main
 * that throws Skipped is skipped.
 */
export async function runTest(name, main, { success, hint = '' }) {
  const run = new TestRun(name);
  try {
    await main(run);
    console.log(success);
  } catch (error) {
    if (error instanceof Skipped) tellSkipped(error.message);
    else tellFailed(run, error, hint);
  } finally {
    await run.end();
  }
}

function tellFailed(run, error, hint) {
  console.log(run.describe());
  console.log(hint);
  console.log(error);
  process.exitCode = 1;
}
