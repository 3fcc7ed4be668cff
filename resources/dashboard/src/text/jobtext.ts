import { DrayError, type ClientStatus, type Job, type JobError, type JobState, type JobStep } from 'dray-client';
import { inOrder } from './apart.js';
import { bytes, clockTime, percent, speed } from './format.js';
import { text } from './words.js';

export type Filter = keyof typeof text.filters;
export const filterNames = Object.keys(text.filters) as Filter[];
export type Order = keyof typeof text.orders;
export const orderNames = Object.keys(text.orders) as Order[];
export type Move = keyof typeof text.moves;

/** The entry of a table for a name that came over the wire; nothing for a name it does not have. */
export function wordFor(table: Readonly<Record<string, string>>, name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

export function limitText(job: Job): string {
  return job.speedLimit ? `${text.limitTitle}: ${speed(job.speedLimit)}` : text.limitTitle;
}

export function stateName(state: JobState): string {
  return text.states[state];
}

export function kindText(kind: string): string {
  return wordFor(text.kinds, kind) ?? kind;
}

/** What a job is doing: its stage while it runs, else its state. */
export function stateText(job: Job): string {
  if (isUnverified(job) && job.state === 'succeeded') return text.unverified;
  const isReading = job.kind === 'read' && job.stage === 'transferring';
  const stage = isReading ? text.reading : wordFor(text.stages, job.stage);
  const isBusy = job.state === 'running' || job.stage === 'awaitingConfirmation' || job.stage === 'stale';
  return (isBusy && stage) || text.states[job.state];
}

/** "Pack: Finished · Send: Running". */
export function stepsText(steps: JobStep[]): string {
  return steps.map(({ title, state }) => `${title}: ${text.states[state]}`).join(' · ');
}

/** Its worker said that nothing was read back. */
export function isUnverified(job: Job): boolean {
  return job.kind === 'flash' && job.message === 'not verified';
}

export function errorText(error: JobError): string {
  return wordFor(text.errors, error.code) ?? text.errors.internal;
}

/** The sentence for a command that failed. */
export function failureText(error: unknown): string {
  if (!(error instanceof DrayError)) return text.errors.internal;
  if (error.kind === 'timeout') return text.noAnswer;
  if (error.kind === 'offline') return text.notConnected;
  return wordFor(text.errors, error.type) ?? error.message;
}

/** What the hub adds to the sentence: the text after the title it begins with, when there is one. */
export function failureDetail(message: string): string {
  const at = message.indexOf(': ');
  return at < 0 ? '' : inOrder(message.slice(at + 2));
}

/** Both, for where the reader has to do something about it. */
export function wholeFailureText(error: unknown): string {
  return `${failureText(error)} ${failureDetail(error instanceof Error ? error.message : '')}`.trim();
}

export function titleOf(job: Job): string {
  return job.title || job.source || `${text.number} ${job.id}`;
}

export function announcement(job: Job): string {
  return `${titleOf(job)}: ${stateText(job)}`;
}

export function sizeText(job: Job): string {
  if (job.kind === 'flash') return ''; // its total counts what is read back too: no size anybody knows
  const { done = 0, total, state } = job;
  if (state === 'succeeded') return bytes(total ?? done);
  if (total === undefined) return done > 0 ? bytes(done) : '';
  return done > 0 ? text.sizeOf(bytes(done), bytes(total)) : bytes(total);
}

export function cancelHint(job: Job): string {
  if (job.kind === 'flash') return text.cancelFlashHint(titleOf(job));
  return job.done ? text.cancelHint(titleOf(job), bytes(job.done)) : titleOf(job);
}

export function action(verb: string, job: Job): string {
  return `${verb}: ${titleOf(job)}`;
}

/** "Live", or "Offline since 21:40". */
export function statusText(status: ClientStatus, staleSinceMs?: number): string {
  const isKnown = status === 'offline' && staleSinceMs !== undefined;
  return isKnown ? text.offlineSince(clockTime(staleSinceMs)) : text.statuses[status];
}

export function offlineText(sinceMs: number | undefined): string {
  return sinceMs === undefined ? text.unreachable : text.offlineNotice(clockTime(sinceMs));
}

/** Tab title: how far all running work with a known size is. */
export function documentTitle(status: ClientStatus, running: readonly Job[]): string {
  if (status === 'offline') return `${text.statuses.offline} – ${text.product}`;
  if (running.length === 0) return text.product;
  const sized = running.filter((job) => job.total !== undefined);
  const sum = (pick: (job: Job) => number) => sized.reduce((total, job) => total + pick(job), 0);
  const part = percent(sum((job) => job.done ?? 0), sum((job) => job.total ?? 0));
  const first = running[0];
  const what = running.length === 1 && first ? titleOf(first) : text.active(running.length);
  return `${part === undefined ? '' : `${inOrder(`${part} %`)} · `}${what} – ${text.product}`;
}
