import type { Hub } from '../hub.svelte.js';
import type { Move } from '../text/jobtext.js';
import { text } from '../text/words.js';
import { canMove } from './verbs.js';

/** Moves waiting jobs in the queue: by key, button, or drag and drop. */
export class QueueMoves {
  /** The job that is being dragged. */
  dragged: string | undefined;

  constructor(private readonly hub: Hub) {}

  async by(id: string, to: Move): Promise<void> {
    const job = this.hub.jobs.get(id)?.peek;
    if (!job || !canMove(job) || !this.hub.isLive) return;
    // A place beyond the end of the queue is its end.
    await this.hub.command('move', job, { to: to === 'bottom' ? this.queue().length + 1 : to });
    this.tell(id);
  }

  /** Drops what is dragged on `id`: it takes that place. */
  async onto(id: string): Promise<void> {
    const place = this.queue().indexOf(id);
    const job = this.hub.jobs.get(this.dragged ?? '')?.peek;
    this.dragged = undefined;
    if (!job || place < 0 || job.id === id) return;
    await this.hub.command('move', job, { to: place + 1 });
    this.tell(job.id);
  }

  private tell(id: string): void {
    const place = this.queue().indexOf(id);
    if (place >= 0) this.hub.announced = text.movedTo(place + 1);
  }

  /** Ids of what waits, next first. */
  private queue(): string[] {
    const waiting = this.hub.jobs.inState('queued').map((row) => row.peek);
    return waiting.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(({ id }) => id);
  }
}
