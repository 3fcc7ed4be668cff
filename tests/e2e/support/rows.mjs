// A table of cases, each run and told by its name; one that fails does not keep the others from running.

import { Skipped, tellSkipped, TestRun } from './testrun.mjs';

export { Skipped };

/** Longer than any time-out of what a row does itself. */
const rowSeconds = 60;

export class Rows {
  #failed = 0;
  #passed = 0;
  #skipped = 0;

  /** `check()` throws when the case is not as it must be, or takes longer than `seconds`. */
  async run(name, check, { seconds = rowSeconds } = {}) {
    try {
      await inTime(check(), seconds);
      this.#passed++;
      console.log(`ok      ${name}`);
    } catch (error) {
      this.#tell(name, error);
    }
  }

  get allPassed() {
    return this.#failed === 0 && this.#passed > 0;
  }

  get allSkipped() {
    return this.#failed === 0 && this.#passed === 0 && this.#skipped > 0;
  }

  summary() {
    return `${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`;
  }

  #tell(name, error) {
    if (error instanceof Skipped) {
      this.#skipped++;
      console.log(`skipped ${name}: ${error.message}`);
      return;
    }
    this.#failed++;
    console.log(`FAILED  ${name}`);
    console.log(error.stack.replace(/^/gm, '        '));
  }
}

async function inTime(work, seconds) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not within ${seconds} s`)), seconds * 1000)));
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/**
 * Runs `main(run, rows)` and says how it went under `title`; the exit code is 1 when a row failed. Where every row was
 * skipped the test is.
 */
export async function runRows(name, main, title) {
  const run = new TestRun(name);
  const rows = new Rows();
  try {
    await main(run, rows);
  } catch (error) {
    console.log(run.describe());
    console.log(error);
    process.exitCode = 1;
  } finally {
    await run.end();
  }
  console.log(`${title}: ${rows.summary()}`);
  if (process.exitCode === undefined && rows.allSkipped) tellSkipped('no case can run here');
  else if (!rows.allPassed) process.exitCode = 1;
}
