import type { Job } from 'dray-client';
import { titleOf } from '../text/jobtext.js';

/** One job of the list. Parts that watch `state` or `title` do not wake up for numbers. */
export class Row {
  job: Job = $state.raw() as Job;
  readonly state = $derived(this.job.state);
  readonly title = $derived(titleOf(this.job));
  /** Its id; ids are numbers that grow. */
  readonly number: number;
  /** The job and its title in small letters, for who does not want to be woken up. */
  peek: Job;
  lower: string;

  constructor(job: Job) {
    this.number = Number(job.id);
    this.job = this.peek = job;
    this.lower = titleOf(job).toLowerCase();
  }

  take(job: Job): void {
    if (job.title !== this.peek.title) this.lower = titleOf(job).toLowerCase();
    this.job = this.peek = job;
  }
}
