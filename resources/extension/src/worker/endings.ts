import { isFinal, type Job } from 'dray-client';

/** Which jobs have ended since the last look. What it knows can be kept, so that a worker's end hides no ending. */
export class Endings {
  private unfinished: Set<string>;

  constructor(known: readonly string[]) {
    this.unfinished = new Set(known);
  }

  /** Each ended job once. `kept` is what to keep, undefined when it is as it was. */
  look(jobs: Iterable<Job>): { ended: Job[]; kept: string[] | undefined } {
    const before = this.unfinished;
    const all = [...jobs];
    const ended = all.filter((job) => isFinal(job.state) && before.has(job.id));
    this.unfinished = new Set(all.filter((job) => !isFinal(job.state)).map((job) => job.id));
    const isSame = before.size === this.unfinished.size && [...before].every((id) => this.unfinished.has(id));
    return { ended, kept: isSame ? undefined : [...this.unfinished] };
  }
}
