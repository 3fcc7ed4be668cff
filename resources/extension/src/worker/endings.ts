import { isFinal, type Job } from 'dray-client';

/** Which jobs have ended since the last look. What it knows can be kept, so that a worker's end hides no ending. */
export class Endings {
  private unfinished: Set<string>;
  private isNew = false;

  constructor(known: readonly string[]) {
    this.unfinished = new Set(known);
  }

  /** It has not ended: it may before the next look. */
  saw(id: string): void {
    this.isNew ||= !this.unfinished.has(id);
    this.unfinished.add(id);
  }

  /** Each ended job once. `kept` is what to keep, undefined when it is as it was. */
  look(jobs: Iterable<Job>): { ended: Job[]; kept: string[] | undefined } {
    const before = this.unfinished;
    const all = [...jobs];
    const ended = all.filter((job) => isFinal(job.state) && before.has(job.id));
    this.unfinished = new Set(all.filter((job) => !isFinal(job.state)).map((job) => job.id));
    const isSame = !this.isNew && before.size === this.unfinished.size && [...before].every((id) => this.unfinished.has(id));
    this.isNew = false;
    return { ended, kept: isSame ? undefined : [...this.unfinished] };
  }
}
