import type { BrowserDownloads, HubDoor, Restart } from '../src/catch/catcher.js';
import type { Place, Standing } from '../src/catch/handover.js';
import type { Recall } from '../src/shared/recall.js';
import type { AddEnd } from '../src/send/outbox.js';
import type { Order } from '../src/shared/spec.js';

export const startTime = '2026-11-21T19:00:00Z';
export const startedAt = Date.parse(startTime);
export const order: Order = { hubUrl: 'http://127.0.0.1:1', kind: 'download', url: 'https://example.org/a.iso', idem: 'once' };

/** One download of a browser; of one as Firefox where it cannot pause. */
export class FakeBrowser implements BrowserDownloads {
  item: Standing | undefined = { state: 'in_progress', startTime, isPaused: false };
  canResume = true;
  restarts = 0;
  again: Place | undefined;
  onDrop: () => void = () => undefined;

  constructor(readonly canPause = true) {}

  find(): Promise<Standing | undefined> {
    return Promise.resolve(this.item && { ...this.item });
  }

  pause(): Promise<boolean> {
    if (this.item?.state !== 'in_progress') return Promise.resolve(false);
    this.item.isPaused = true;
    return Promise.resolve(true);
  }

  /** What Firefox goes on with has another time. */
  resume(): Promise<boolean> {
    if (!this.item || !this.canResume) return Promise.resolve(false);
    const time = this.canPause ? this.item.startTime : `${this.item.startTime}, resumed`;
    this.item = { state: this.item.state === 'complete' ? 'complete' : 'in_progress', startTime: time, isPaused: false };
    return Promise.resolve(true);
  }

  startAgain(): Promise<Restart> {
    this.restarts += 1;
    return Promise.resolve({ url: order.url, isBegun: true });
  }

  findAgain(): Promise<Place | undefined> {
    return Promise.resolve(this.again);
  }

  drop(): Promise<void> {
    this.onDrop();
    this.item = undefined;
    return Promise.resolve();
  }

  /** What is not paused comes to its end. */
  goesOn(): void {
    if (this.item && !this.item.isPaused && this.item.state === 'in_progress') this.item.state = 'complete';
  }

  breaksOff(): void {
    if (this.item && this.item.state === 'in_progress') Object.assign(this.item, { state: 'interrupted', isPaused: false });
  }
}

/** A hub that remembers `idem` for a day, as Dray does. */
export class FakeHub implements HubDoor {
  isUp = true;
  jobs = new Map<string, string>();
  added = 0;
  answer: () => AddEnd | undefined = () => undefined;
  onAdded: () => void = () => undefined;
  /** What it says about an address. */
  memory: Recall = { kind: 'unknown' };

  isLive(): Promise<boolean> {
    return Promise.resolve(this.isUp);
  }

  add({ idem }: Order): Promise<AddEnd> {
    const forced = this.answer();
    if (forced?.kind === 'refused') return Promise.resolve(forced);
    if (!this.jobs.has(idem)) this.added += 1;
    if (!this.jobs.has(idem)) this.jobs.set(idem, 'running');
    this.onAdded();
    return Promise.resolve(forced ?? { kind: 'accepted', job: idem, state: this.jobs.get(idem) ?? '' });
  }

  recall(): Promise<Recall> {
    return Promise.resolve(this.memory);
  }

  /** The keys of yesterday are forgotten; the jobs stay. */
  forgetsKeys(): void {
    this.jobs = new Map([...this.jobs].map(([idem, state]) => [`old ${idem}`, state]));
    const [[job, state] = ['', '']] = this.jobs;
    this.memory = job === '' ? { kind: 'nothing' } : { kind: 'job', job, state, createdAt: startedAt + 2000 };
  }

  remove(job: string): Promise<boolean> {
    return Promise.resolve(this.isUp && this.jobs.delete(job));
  }
}
