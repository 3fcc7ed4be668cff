import { define, mergePatch } from './mergepatch.js';
import { eventId, type HubEvent, type Job, type Params, type ProgressRow } from './protocol.js';

/** What one message did to the map: ids, each in one list only. */
export interface JobsChange {
  added: string[];
  changed: string[];
  removed: string[];
}

interface Entry {
  job: Job;
  /** rev of the newest object or patch, and of the newest numbers: the two lanes may overtake each other. */
  eventRev: number;
  progressRev: number;
  /** Which snapshot it came with, or after. */
  generation: number;
}

const numbers = ['done', 'total', 'bytesPerSecond', 'etaSeconds', 'stage'] as const;

/**
 * All jobs as the hub has them: snapshot pages, then events and progress rows.
 * A job is a fresh object after every change, so identity tells whether it changed.
 *
 *   beginSnapshot → addPage… → endSnapshot   jobs that came with no page are dropped at the end
 *   applyEvent, applyProgress                at any time between; what is older than known is ignored
 */
export class JobMap implements Iterable<Job> {
  private readonly entries = new Map<string, Entry>();
  private readonly hidden = new Set<string>();
  /** Removed since the last snapshot began; a page that was read earlier must not bring them back. */
  private readonly gone = new Set<string>();
  private readonly listeners = new Set<(change: JobsChange) => void>();
  private generation = 0;

  get size(): number {
    return this.entries.size;
  }

  get(id: string): Job | undefined {
    return this.entries.get(id)?.job;
  }

  *[Symbol.iterator](): Iterator<Job> {
    for (const entry of this.entries.values()) yield entry.job;
  }

  /** Calls `run` after every change, not at once. */
  subscribe(run: (change: JobsChange) => void): () => void {
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }

  beginSnapshot(): void {
    this.generation += 1;
    this.gone.clear();
  }

  addPage(jobs: readonly Job[]): void {
    const change = noChange();
    for (const job of jobs) this.put(job, change);
    this.tell(change);
  }

  endSnapshot(): void {
    const change = noChange();
    for (const [id, entry] of this.entries) {
      if (entry.generation === this.generation) continue;
      this.entries.delete(id);
      change.removed.push(id);
    }
    this.tell(change);
  }

  applyEvent(event: HubEvent): void {
    const change = noChange();
    const id = eventId(event);
    if (event.type === 'job.removed') this.remove(id, change);
    else if (event.object) this.put(event.object as unknown as Job, change);
    else if (event.patch) this.patch(id, event.rev ?? 0, event.patch, change);
    this.tell(change);
  }

  applyProgress(columns: readonly string[], rows: readonly ProgressRow[]): void {
    const change = noChange();
    for (const row of rows) this.progress(columns, row, change);
    this.tell(change);
  }

  /** Takes a job out of this view only; the hub keeps it. */
  hide(id: string): void {
    this.hidden.add(id);
    const change = noChange();
    this.remove(id, change);
    this.tell(change);
  }

  hideAll(): void {
    for (const id of [...this.entries.keys()]) this.hide(id);
  }

  private put(job: Job, change: JobsChange): void {
    if (this.hidden.has(job.id) || this.gone.has(job.id)) return;
    const known = this.entries.get(job.id);
    const isOlder = known?.generation === this.generation && job.rev < Math.max(known.eventRev, known.progressRev);
    if (isOlder) return;
    this.entries.set(job.id, { job, eventRev: job.rev, progressRev: job.rev, generation: this.generation });
    (known ? change.changed : change.added).push(job.id);
  }

  private patch(id: string, rev: number, patch: Params, change: JobsChange): void {
    const entry = this.current(id);
    if (!entry || rev < entry.eventRev) return;
    const accepted = rev < entry.progressRev ? withoutNumbers(patch) : patch;
    entry.eventRev = rev;
    entry.progressRev = Math.max(rev, entry.progressRev);
    entry.job = { ...(mergePatch(entry.job, accepted) as Job), id, rev: entry.progressRev };
    change.changed.push(id);
  }

  private progress(columns: readonly string[], row: ProgressRow, change: JobsChange): void {
    const entry = this.current(String(row[columns.indexOf('id')]));
    const rev = row[columns.indexOf('rev')];
    if (!entry || typeof rev !== 'number' || rev < entry.progressRev) return;
    entry.progressRev = rev;
    entry.job = moved(entry.job, columns, row);
    change.changed.push(entry.job.id);
  }

  private remove(id: string, change: JobsChange): void {
    this.gone.add(id);
    if (this.entries.delete(id)) change.removed.push(id);
  }

  /** A job of an earlier snapshot is still shown while the next one loads, but no longer patched. */
  private current(id: string): Entry | undefined {
    const entry = this.entries.get(id);
    return entry?.generation === this.generation ? entry : undefined;
  }

  private tell(change: JobsChange): void {
    if (change.added.length + change.changed.length + change.removed.length === 0) return;
    for (const run of [...this.listeners]) run(change);
  }
}

function noChange(): JobsChange {
  return { added: [], changed: [], removed: [] };
}

/** The job as a row says, copied once: there are many. `null` removes; columns the row does not reach stay. */
function moved(job: Job, columns: readonly string[], row: ProgressRow): Job {
  const copy: Record<string, unknown> = { ...job };
  let details: unknown;
  for (const [column, name] of columns.slice(0, row.length).entries()) {
    const value = row[column];
    if (name === 'details') details = value;
    else if (name === 'id') continue;
    else if (value !== null) define(copy, name, value);
    else if (name in copy) delete copy[name];
  }
  return (details ? mergePatch(copy, details) : copy) as Job;
}

function withoutNumbers(patch: Params): Params {
  const rest = { ...patch };
  for (const name of numbers) delete rest[name];
  return rest;
}
