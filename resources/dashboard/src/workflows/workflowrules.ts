import { isFinal, type Job, type JobState, type Workflow, type WorkflowStep } from 'dray-client';
import type { WorkflowVerb } from './workflows.svelte.js';

const isOver = (state: JobState) => state === 'failed' || state === 'canceled';

/** Whether it can be done to this workflow. */
export function canDo(verb: WorkflowVerb, { state, steps }: Workflow): boolean {
  switch (verb) {
    case 'pause':
      return state === 'queued' || state === 'running';
    case 'resume':
      return state === 'paused';
    case 'cancel':
      return !isFinal(state);
    case 'retry':
      return state !== 'paused' && steps.some((step) => isOver(step.state));
    case 'remove':
      return isFinal(state);
  }
}

/** A step that waits in vain for another is tried again with that one. */
export function canRetryStep(workflow: Workflow, { state, job, needs }: WorkflowStep): boolean {
  const isReady = workflow.steps.every((other) => !needs.includes(other.name) || other.state === 'succeeded');
  return workflow.state !== 'paused' && isOver(state) && (job !== undefined || isReady);
}

/** The part of a job that its state and bar are drawn from. */
export function drawnAs({ state, progress, error }: Pick<WorkflowStep, 'state' | 'progress' | 'error'>): Job {
  return { id: '', kind: '', title: '', state, done: progress, total: 1, rev: 0, ...(error && { error }) };
}
