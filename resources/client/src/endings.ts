import type { JobMap } from './jobmap.js';
import { isFinal, type Job } from './protocol.js';

/** Calls `run` for each job that ends while it is watched, once per ending. */
export function watchEndings(jobs: JobMap, run: (job: Job) => void): () => void {
  const unfinished = new Set<string>();
  return jobs.subscribe((change) => {
    for (const id of change.removed) unfinished.delete(id);
    for (const id of [...change.added, ...change.changed]) {
      const job = jobs.get(id);
      if (job && !isFinal(job.state)) unfinished.add(id);
      else if (job && unfinished.delete(id)) run(job);
    }
  });
}
