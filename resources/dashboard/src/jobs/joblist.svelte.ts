import { isFinal, type DrayClient, type Job, type JobsChange, type JobState } from 'dray-client';
import { filterNames, type Filter, type Order } from '../text/jobtext.js';
import { Row } from './row.svelte.js';

const gatherMs = 16;
/** Of the rows on the screen and their sum, so many get new numbers with one frame of progress; the others with the next ones. */
const shownAFrame = 4;
/** When no frame has come for so long, the others do not wait for one. */
const restMs = 250;

interface Shown {
  show(): void;
}

/**
 * The jobs as rows: what the client knows, filtered and in order.
 *
 * Numbers of a job wake up its row alone, some rows at a time: to lay out and paint twenty rows ten times a
 * second costs a browser more than all the rest. What is shown and counted is worked out again when a job comes,
 * goes or changes its state, title, size or place, at most once in `gatherMs`: ten thousand rows are many.
 */
export class JobList {
  filter = $state<Filter>('all');
  kind = $state('');
  order = $state<Order>('newest');
  search = $state('');

  /** Rows that are on the screen. */
  drawn: ReadonlySet<Row> = new Set();

  private version = $state(0);
  private sums = $state(0);
  private readonly byId = new Map<string, Row>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly sum: Shown = { show: () => (this.sums += 1) };
  /** Those whose newest numbers are not shown, who waits longest first. */
  private readonly waiting = new Set<Shown>();
  private waitingTimer: ReturnType<typeof setTimeout> | undefined;

  readonly shown = $derived.by(() => this.inOrder());
  readonly counts = $derived.by(() => this.counted());
  readonly running = $derived.by(() => this.inState('running'));
  /** What waits for a yes before drives are erased. */
  readonly held = $derived.by(() => this.all().filter(({ peek }) => peek.kind === 'flash' && peek.stage === 'awaitingConfirmation'));
  readonly kinds = $derived.by(() => this.kindsPresent());
  readonly totalSpeed = $derived.by(() => this.summedSpeed());

  constructor(private readonly client: DrayClient, private readonly onstate: (job: Job, before: JobState) => void) {
    client.jobs.subscribe((change) => this.take(change));
  }

  get size(): number {
    void this.version;
    return this.byId.size;
  }

  get(id: string): Row | undefined {
    void this.version;
    return this.byId.get(id);
  }

  /** All jobs of a state, in no order. */
  inState(state: JobState): Row[] {
    return this.all().filter(({ peek }) => peek.state === state);
  }

  showAll(): void {
    this.filter = 'all';
    this.kind = this.search = '';
  }

  private take(change: JobsChange): void {
    const isListed = change.added.length + change.removed.length > 0;
    for (const id of change.removed) this.byId.delete(id);
    for (const id of change.added) this.insert(id);
    const isOther = change.changed.map((id) => this.update(id)).includes(true);
    this.waiting.add(this.sum);
    this.showWaiting();
    if (isListed) this.renew();
    else if (isOther) this.timer ??= setTimeout(() => this.renew(), gatherMs);
  }

  private renew(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.version += 1;
  }

  private showWaiting(): void {
    clearTimeout(this.waitingTimer);
    let left = shownAFrame;
    for (const one of this.waiting) if (left-- > 0) this.show(one);
    if (this.waiting.size > 0) this.waitingTimer = setTimeout(() => this.showWaiting(), restMs);
  }

  private show(one: Shown): void {
    this.waiting.delete(one);
    one.show();
  }

  private insert(id: string): void {
    const job = this.client.jobs.get(id);
    if (job) this.byId.set(id, new Row(job));
  }

  /** Whether more than its numbers changed. */
  private update(id: string): boolean {
    const row = this.byId.get(id);
    const job = this.client.jobs.get(id);
    if (!row || !job) return false;
    const before = row.peek;
    const mayWait = row.take(job) && this.drawn.has(row);
    if (mayWait) this.waiting.add(row);
    else this.show(row);
    if (before.state !== job.state) this.onstate(job, before.state);
    return before.state !== job.state || before.stage !== job.stage || before.title !== job.title || before.position !== job.position || before.total !== job.total;
  }

  private all(): Row[] {
    void this.version;
    return [...this.byId.values()];
  }

  private counted(): Record<Filter, number> {
    const counts = Object.fromEntries(filterNames.map((name) => [name, 0])) as Record<Filter, number>;
    for (const { peek } of this.all()) for (const name of filterNames) if (belongs(peek.state, name)) counts[name] += 1;
    return counts;
  }

  /** Watches no row: to mark each of them ten times a second costs more than to add them up. */
  private summedSpeed(): number {
    void this.sums;
    return this.running.reduce((sum, { peek }) => sum + (peek.bytesPerSecond ?? 0), 0);
  }

  private kindsPresent(): string[] {
    return [...new Set(this.all().map((row) => row.peek.kind))].sort();
  }

  private inOrder(): Row[] {
    const words = this.search.trim().toLowerCase();
    const { filter, kind } = this;
    const rows = this.all().filter(({ peek, lower }) =>
      belongs(peek.state, filter) && (kind === '' || peek.kind === kind) && (words === '' || lower.includes(words)));
    return rows.sort(comparisons[this.order]);
  }
}

const byAge = (a: Row, b: Row) => b.number - a.number;

/** What runs, then what waits as it is in the queue, then the rest. */
function rank({ peek }: Row): number {
  if (peek.state === 'running') return 0;
  if (peek.state === 'queued') return 1;
  return peek.state === 'paused' ? 2 : 3;
}

const comparisons: Record<Order, (a: Row, b: Row) => number> = {
  newest: byAge,
  queue: (a, b) => rank(a) - rank(b) || (rank(a) === 1 ? (a.peek.position ?? 0) - (b.peek.position ?? 0) : byAge(a, b)),
  name: (a, b) => (a.lower < b.lower ? -1 : a.lower > b.lower ? 1 : byAge(a, b)),
  size: (a, b) => (b.peek.total ?? 0) - (a.peek.total ?? 0) || byAge(a, b),
};

function belongs(state: JobState, filter: Filter): boolean {
  if (filter === 'active') return !isFinal(state);
  if (filter === 'finished') return state === 'succeeded';
  if (filter === 'failed') return state === 'failed' || state === 'canceled';
  return true;
}
