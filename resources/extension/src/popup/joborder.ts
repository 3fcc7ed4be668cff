import { isFinal, type Job } from 'dray-client';

const shownJobs = 6;

/** The jobs that are not over, then the newest of the others. Ids are numbers that grow. */
export function firstJobs(jobs: Iterable<Job>): Job[] {
  const rank = (job: Job) => (isFinal(job.state) ? 1 : 0);
  return [...jobs].sort((a, b) => rank(a) - rank(b) || Number(b.id) - Number(a.id)).slice(0, shownJobs);
}
