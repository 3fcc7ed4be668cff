import type { Job, JobError, JobState } from 'dray-client';
import type { LogEntry } from '../jobs/jobhistory.js';
import { speed } from '../text/format.js';
import { errorText, failureDetail, wordFor } from '../text/jobtext.js';
import { text } from '../text/words.js';

export interface LogLine {
  time: number;
  words: string;
}

/** What is known of its past, then what this page saw, newest first. */
export function logLines(job: Job, seen: readonly LogEntry[]): LogLine[] {
  const first = seen[0]?.time ?? Infinity;
  const past = [
    { time: job.createdAt, words: text.logAdded },
    { time: job.startedAt, words: text.logStarted },
    { time: job.finishedAt, words: text.states[job.state] },
  ].filter((line): line is LogLine => line.time !== undefined && line.time < first);
  return [...past, ...seen.map(({ time, changes }) => ({ time, words: wordsOf(changes) }))].reverse();
}

function wordsOf(changes: LogEntry['changes']): string {
  const { state, stage, error, attempt, speedLimit, source, message } = changes;
  return [
    typeof attempt === 'number' && attempt > 1 && text.logAttempt(attempt),
    state !== undefined && text.states[state as JobState],
    wordFor(text.stages, stage as string | undefined),
    error !== undefined && `${errorText(error as JobError)} ${failureDetail((error as JobError).message)}`,
    typeof speedLimit === 'number' && `${text.limitTitle} ${speed(speedLimit)}`,
    state === undefined && source,
    message,
  ].filter(Boolean).join(' · ');
}
