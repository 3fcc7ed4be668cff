import type { Call } from './calls.js';
import type { JobMap } from './jobmap.js';
import { errorCodes, isFinal, type Job } from './protocol.js';

/** Commands that a hub refuses when they are done already: with which code, and what the job is then. */
const ends: Record<string, { code: number; isDone(job: Job | undefined): boolean }> = {
  'job.pause': { code: errorCodes.invalidState, isDone: (job) => job?.state === 'paused' },
  'job.resume': { code: errorCodes.invalidState, isDone: (job) => job?.state === 'queued' || job?.state === 'running' },
  'job.cancel': { code: errorCodes.invalidState, isDone: (job) => job !== undefined && isFinal(job.state) },
  'job.remove': { code: errorCodes.notFound, isDone: (job) => job === undefined },
};

/** `call` as it is sent again after its answer was lost: refused because it was done the first time, it is done. */
export function asRepeat(call: Call, jobs: JobMap): Call {
  const end = ends[call.method];
  if (!end) return call;
  const failed: Call['failed'] = (error) => {
    const job = jobs.get(String(call.params['job']));
    if (error.code === end.code && end.isDone(job)) call.done(job ? { job } : {});
    else call.failed(error);
  };
  return { ...call, failed };
}
