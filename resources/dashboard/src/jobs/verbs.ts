import { isFinal, type Job } from 'dray-client';

export type Verb = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove' | 'move' | 'setLimit' | 'refreshUrl';

const isOurs = (job: Job) => job.kind !== 'external';

/** One yes erases once: what gives a drive back empty, and what waits for its yes, can only be canceled. */
export function isOnceOnly(job: Job): boolean {
  return job.kind === 'format' || job.stage === 'awaitingConfirmation';
}

export const offers = {
  pause: (job: Job) => isOurs(job) && (job.state === 'running' || job.state === 'queued'),
  resume: (job: Job) => isOurs(job) && job.state === 'paused',
  retry: (job: Job) => isOurs(job) && (job.state === 'failed' || job.state === 'canceled'),
  cancel: (job: Job) => !isFinal(job.state),
  remove: (job: Job) => isFinal(job.state),
} as const;

export type BulkVerb = keyof typeof offers;
export const bulkVerbs = Object.keys(offers) as BulkVerb[];

/** Whether it can be done right away to this job. */
export function can(verb: BulkVerb, job: Job): boolean {
  const refuses = verb !== 'cancel' && verb !== 'remove' && isOnceOnly(job);
  return offers[verb](job) && !refuses;
}

export function hasFile(job: Job): boolean {
  return job.state === 'succeeded' && ['download', 'media'].includes(job.kind);
}

export function canMove(job: Job): boolean {
  return isOurs(job) && (job.state === 'queued' || job.state === 'paused');
}
