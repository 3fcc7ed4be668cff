import type { Job } from 'dray-client';
import { titleOf } from '../text/jobtext.js';

/** What the name, the look and the buttons of a row depend on. */
const standingMembers = ['state', 'stage', 'kind', 'title', 'source'] as const;

/** One job of the list. Parts that watch `standing`, `state` or `title` do not wake up for numbers. */
export class Row {
  readonly id: string;
  /** Its id; ids are numbers that grow. */
  readonly number: number;
  /** As it is shown: its numbers may wait for their turn. */
  job: Job = $state.raw() as Job;
  /** The job as it was when more than its numbers changed last. */
  standing: Job = $state.raw() as Job;
  /** The job as it is, and its title in small letters, for who does not want to be woken up. */
  peek: Job;
  lower: string;

  constructor(job: Job) {
    this.id = job.id;
    this.number = Number(job.id);
    this.job = this.standing = this.peek = job;
    this.lower = titleOf(job).toLowerCase();
  }

  get state(): Job['state'] {
    return this.standing.state;
  }

  get title(): string {
    return titleOf(this.standing);
  }

  /** Answers whether only numbers changed; these are shown by show(). */
  take(job: Job): boolean {
    const before = this.peek;
    this.peek = job;
    if (job.title !== before.title) this.lower = titleOf(job).toLowerCase();
    if (!standingMembers.some((name) => job[name] !== before[name])) return true;
    this.standing = job;
    return false;
  }

  show(): void {
    this.job = this.peek;
  }
}
