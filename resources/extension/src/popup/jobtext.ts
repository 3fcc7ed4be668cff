import type { Job, JobState } from 'dray-client';
import { Format } from '../../../shared/format.js';
import { uiLanguage, word, type Word } from '../shared/words.js';

const states: Record<JobState, Word> = {
  queued: 'stateQueued',
  running: 'stateRunning',
  paused: 'statePaused',
  succeeded: 'stateSucceeded',
  failed: 'stateFailed',
  canceled: 'stateCanceled',
};

const format = new Format(uiLanguage());

export function titleOf(job: Job): string {
  return job.title || job.source || word('untitled');
}

export function stateWord(job: Job): string {
  return word(job.stage === 'waitingForRetry' ? 'stageWaitingForRetry' : states[job.state]);
}

/** `Running · 3.0 MiB of 8.0 MiB · 1.0 MiB/s · 5 s left`; what is not known is left out. */
export function jobLine(job: Job): string {
  const isRunning = job.state === 'running';
  const speed = isRunning && job.bytesPerSecond ? format.speed(job.bytesPerSecond) : '';
  const left = isRunning && job.etaSeconds !== undefined ? word('left', format.duration(job.etaSeconds)) : '';
  const error = job.state === 'failed' ? (job.error?.message ?? '') : '';
  return [stateWord(job), sizeOf(job), speed, left, error].filter(Boolean).join(' · ');
}

export function bytesText(count: number | undefined): string {
  return count === undefined ? '' : format.bytes(count);
}

function sizeOf({ state, done, total }: Job): string {
  if (state === 'succeeded') return bytesText(total ?? done);
  if (!done) return bytesText(total);
  return total === undefined ? format.bytes(done) : word('doneOf', format.bytes(done), format.bytes(total));
}
