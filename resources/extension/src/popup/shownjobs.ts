import type { Job, JobMap, JobsChange } from 'dray-client';
import { gathered } from '../shared/gathered.js';
import { SeenStates } from '../shared/seenstates.js';
import { firstJobs } from './joborder.js';

const gatherMs = 50;

/** The few jobs that are shown, with their numbers. Which they are is found out only when a job came, went or changed its state. */
export class ShownJobs {
  private readonly states: SeenStates;
  private readonly order = gathered(() => this.put(firstJobs(this.all)), gatherMs);
  private jobs: Job[] = [];

  constructor(
    private readonly all: JobMap,
    private readonly show: (jobs: Job[]) => void,
  ) {
    this.states = new SeenStates(all);
    all.subscribe((change) => this.take(change));
  }

  private take(change: JobsChange): void {
    if (this.states.take(change)) return this.order();
    const changed = new Set(change.changed);
    if (this.jobs.some(({ id }) => changed.has(id))) this.put(this.jobs.map((job) => this.all.get(job.id) ?? job));
  }

  private put(jobs: Job[]): void {
    this.jobs = jobs;
    this.show(jobs);
  }
}
