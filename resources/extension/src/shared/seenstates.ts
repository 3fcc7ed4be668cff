import type { Job, JobsChange, JobState } from 'dray-client';

/** In which state each job was when it was told of last. Most of what is told are numbers alone. */
export class SeenStates {
  private readonly states = new Map<string, JobState>();

  constructor(private readonly jobs: { get(id: string): Job | undefined }) {}

  /** Whether a job came, went or is in another state. */
  take({ added, changed, removed }: JobsChange): boolean {
    for (const id of removed) this.states.delete(id);
    const others = [...added, ...changed].filter((id) => this.isOther(id));
    return removed.length + others.length > 0;
  }

  private isOther(id: string): boolean {
    const state = this.jobs.get(id)?.state;
    if (state === undefined || state === this.states.get(id)) return false;
    this.states.set(id, state);
    return true;
  }
}
