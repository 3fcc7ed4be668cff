import type { Job, JobError, JobState } from 'dray-client';
import type { LogEntry } from '../jobs/jobhistory.js';
import { speed } from '../text/format.js';
import { errorText, failureDetail, wordFor } from '../text/jobtext.js';
import { text } from '../text/words.js';

export interface LogLine {
  time: number;
  words: string;
}

/** What the job says of its past, what the hub remembers of it and what this page saw, newest first. */
export function logLines(job: Job, remembered: readonly LogEntry[], seen: readonly LogEntry[]): LogLine[] {
  const entries = inOrder([...remembered, ...seen]);
  const first = entries[0]?.time ?? Infinity;
  const past = [
    { time: job.createdAt, words: text.logAdded },
    { time: job.startedAt, words: text.logStarted },
    { time: job.finishedAt, words: text.states[job.state] },
  ].filter((line): line is LogLine => line.time !== undefined && line.time < first);
  return [...past, ...entries.map(({ time, changes }) => ({ time, words: wordsOf(changes) }))].reverse();
}

/** Each once. A hub that began anew counts from one again, but not at the same time. */
function inOrder(entries: readonly LogEntry[]): LogEntry[] {
  const each = new Map(entries.map((entry) => [`${entry.time} ${entry.seq}`, entry]));
  return [...each.values()].sort((a, b) => a.time - b.time || a.seq - b.seq);
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
