import type { AddEnd } from '../send/outbox.js';
import { clocksDifferMs, isKeyOld, type Recall } from '../shared/recall.js';
import type { Shelf } from '../shared/shelf.js';
import type { Address, Order } from '../shared/spec.js';
import { isLost, settle, settleLate } from './doubt.js';
import { isOpen, isSame, type HandOver, type Place, type Sent, type Standing } from './handover.js';

/** A download that was begun anew. */
export interface Restart {
  url: string;
  isBegun: boolean;
}

/** The browser's downloads. Nothing rejects: false says that it could not be done. */
export interface BrowserDownloads {
  /** Where not, a pause may lose what is there: nothing is paused. */
  readonly canPause: boolean;
  find(id: number): Promise<Standing | undefined>;
  pause(id: number): Promise<boolean>;
  resume(id: number): Promise<boolean>;
  /** From its beginning, as another download. */
  startAgain(id: number): Promise<Restart>;
  /** What Firefox, when started again, began anew by itself: under another number, later than `startTime`. */
  findAgain(url: string, startTime: string): Promise<Place | undefined>;
  /** Takes it out of the browser, with what it has of the file. */
  drop(id: number): Promise<void>;
}

export interface HubDoor {
  /** Waits a moment for a connection that is being made. */
  isLive(): Promise<boolean>;
  add(order: Order): Promise<AddEnd>;
  /** What it has, or had, of an address since then (milliseconds since 1970). */
  recall(address: Address, since: number): Promise<Recall>;
  /** With its file. */
  remove(job: string, hubUrl: string): Promise<boolean>;
}

export interface NewDownload {
  id: number;
  startTime: string;
  /** Asked when the browser's download is paused. */
  makeOrder(): Promise<Order>;
}

/** Takes what Dray is still to get, or has got since then (milliseconds since 1970). */
export type Keep = (order: Order, orderedAt: number) => Promise<void>;

/** Told when a download that was given back could not go on where it was. */
export type OnRestart = (restart: Restart) => void;

/** Hands downloads of the browser over to Dray; see handover.ts. */
export class Catcher {
  /** Who is at a download, and who waits for his turn. */
  private readonly turns = new Map<number, Promise<void>>();

  constructor(
    private readonly journal: Shelf<HandOver[]>,
    private readonly browser: BrowserDownloads,
    private readonly hub: HubDoor,
    private readonly onRestart: OnRestart,
    private readonly now: () => number = Date.now,
  ) {}

  async take({ id, startTime, makeOrder }: NewDownload): Promise<void> {
    await this.alone(id, async () => {
      const found: HandOver = { phase: 'found', download: id, startTime };
      if (!(await this.hub.isLive()) || !(await this.hold(found))) return;
      const order = await makeOrder().catch(() => undefined);
      if (!order) return this.giveBack(found);
      const sent: Sent = { ...found, phase: 'sent', order, orderedAt: this.now() };
      await this.replace(found, sent);
      await this.send(sent);
    });
  }

  /** Goes on with what an earlier worker left, and with what is doubtful. Call at start and when Dray is there. */
  async goOn(): Promise<void> {
    for (const handOver of await this.journal.read()) await this.alone(handOver.download, () => this.goOnAt(handOver));
  }

  /**
   * Leaves none open, so that the browser's downloads are not needed any more: `keep` gets the orders for what
   * the browser does not have. What is doubtful may stay in both, never in none.
   */
  async end(keep: Keep): Promise<void> {
    await Promise.allSettled(this.turns.values());
    await this.goOn();
    for (const handOver of await this.journal.read()) await this.alone(handOver.download, () => this.endAt(handOver, keep));
  }

  async size(): Promise<number> {
    return (await this.journal.read()).length;
  }

  /** Goes on where it stands once nobody else is at it. */
  private async goOnAt(before: HandOver): Promise<void> {
    const handOver = (await this.journal.read()).find((other) => isSame(other, before));
    if (!handOver) return;
    const standing = await this.standingOf(handOver);
    const place = standing || !isOpen(handOver) ? undefined : await this.browser.findAgain(handOver.order.url, handOver.startTime);
    if (!place) return this.goOnWith(handOver, standing);
    const moved: HandOver = { ...handOver, ...place };
    await this.replace(handOver, moved);
    await this.goOnWith(moved, await this.standingOf(moved));
  }

  private async goOnWith(handOver: HandOver, standing: Standing | undefined): Promise<void> {
    if (handOver.phase === 'found') return this.giveBack(handOver);
    if (handOver.phase === 'accepted') return this.finish(handOver);
    if (handOver.phase === 'doubtful') return this.clear(handOver, standing);
    if (standing?.state === 'in_progress' && !this.isOld(handOver)) return this.send(handOver);
    await this.doubt(handOver);
  }

  private async endAt(before: HandOver, keep: Keep): Promise<void> {
    const handOver = (await this.journal.read()).find((other) => isSame(other, before));
    if (!handOver) return;
    const standing = await this.standingOf(handOver);
    const stays = standing && standing.state !== 'interrupted' ? await this.going(handOver, standing) : undefined;
    if ('order' in handOver && !stays) await keep(handOver.order, handOver.orderedAt);
    await this.forget(stays ?? handOver);
  }

  /** False: it has ended, or is gone. */
  private async hold(found: HandOver): Promise<boolean> {
    if (!this.browser.canPause) return (await this.standingOf(found))?.state === 'in_progress';
    await this.replace(found, found);
    if (await this.browser.pause(found.download)) return true;
    await this.forget(found);
    return false;
  }

  private async send(handOver: Sent): Promise<void> {
    const end: AddEnd = (await this.hub.isLive()) ? await this.hub.add(handOver.order) : { kind: 'unknown' };
    if (end.kind === 'refused') return this.giveBack(handOver);
    if (end.kind === 'unknown') return void (await this.doubt(handOver));
    const standing = await this.standingOf(handOver);
    if (standing && (standing.state === 'complete' || isLost(end.state))) return this.keepBrowsers(await this.doubt(handOver), standing, end);
    const accepted: Sent = { ...handOver, phase: 'accepted' };
    await this.replace(handOver, accepted);
    await this.finish(accepted);
  }

  /** Dray has it. A download that is not there may have given its number to another. */
  private async finish(handOver: Sent): Promise<void> {
    if (await this.standingOf(handOver)) await this.browser.drop(handOver.download);
    await this.forget(handOver);
  }

  /** Written down once the browser goes on: nobody looks again whether a doubtful one stands still. */
  private async doubt(handOver: Sent): Promise<Sent> {
    const standing = await this.standingOf(handOver);
    const resumed = standing?.isPaused && this.browser.canPause ? await this.resume(handOver) : undefined;
    const doubtful: Sent = { ...(resumed ?? handOver), phase: 'doubtful' };
    await this.replace(resumed ?? handOver, doubtful);
    return doubtful;
  }

  /** The same order again: Dray answers with the job it made of it, or makes it. */
  private async clear(handOver: Sent, standing: Standing | undefined): Promise<void> {
    if (!(await this.hub.isLive())) return;
    if (this.isOld(handOver)) return this.clearLate(handOver, standing);
    const end = await this.hub.add(handOver.order);
    if (end.kind === 'unknown') return;
    if (end.kind === 'refused') return this.giveBack(handOver);
    if (standing && settle(standing, end.state) === 'keepBrowsers') return this.keepBrowsers(handOver, standing, end);
    await this.finish(handOver);
  }

  /** The same order would be another one: what Dray remembers of the address is looked at first. */
  private async clearLate(handOver: Sent, standing: Standing | undefined): Promise<void> {
    const { order, orderedAt } = handOver;
    const known = await this.hub.recall(order, orderedAt - clocksDifferMs);
    if (known.kind === 'unknown') return;
    const settlement = settleLate(standing, known, orderedAt);
    if (settlement === 'keepDrays') return this.finish(handOver);
    if (settlement === 'removeDrays' && standing && known.kind === 'job') return this.keepBrowsers(handOver, standing, known);
    if (settlement !== 'sendAgain') return this.forget(handOver);
    const end = await this.hub.add(order);
    if (end.kind === 'accepted') await this.finish(handOver);
    if (end.kind === 'refused') await this.giveBack(handOver);
  }

  /** Dray's is taken back only where the browser's is whole or goes on. */
  private async keepBrowsers(handOver: Sent, standing: Standing, drays: { job: string; state: string }): Promise<void> {
    const kept = await this.going(handOver, standing);
    if (!kept) return isLost(drays.state) ? this.forget(handOver) : this.finish(handOver);
    if (await this.hub.remove(drays.job, kept.order.hubUrl)) await this.forget(kept);
  }

  private isOld({ orderedAt }: Sent): boolean {
    return isKeyOld(orderedAt, this.now());
  }

  /** Dray does not have it. What stood still for a hand-over begins anew where it cannot go on. */
  private async giveBack(handOver: HandOver): Promise<void> {
    const standing = await this.standingOf(handOver);
    const isHeld = (standing?.isPaused && this.browser.canPause) ?? false;
    const needsPush = isHeld || standing?.state === 'interrupted';
    const resumed = needsPush ? await this.resume(handOver) : handOver;
    if (!resumed && isHeld) await this.restart(handOver);
    await this.forget(resumed ?? handOver);
  }

  private async restart({ download }: HandOver): Promise<void> {
    const restart = await this.browser.startAgain(download);
    if (restart.isBegun) await this.browser.drop(download);
    this.onRestart(restart);
  }

  /** Undefined when it cannot be got going. */
  private async going<T extends HandOver>(handOver: T, { state, isPaused }: Standing): Promise<T | undefined> {
    return state === 'complete' || (state === 'in_progress' && !isPaused) ? handOver : this.resume(handOver);
  }

  private async resume<T extends HandOver>(handOver: T): Promise<T | undefined> {
    if (!(await this.browser.resume(handOver.download))) return undefined;
    const startTime = (await this.browser.find(handOver.download))?.startTime ?? handOver.startTime;
    if (startTime === handOver.startTime) return handOver;
    const after = { ...handOver, startTime };
    await this.replace(handOver, after);
    return after;
  }

  /** Undefined when the browser has it no more. Numbers of downloads may be given again after the browser was started again. */
  private async standingOf(handOver: HandOver): Promise<Standing | undefined> {
    const known = await this.browser.find(handOver.download);
    return known?.startTime === handOver.startTime ? known : undefined;
  }

  private async replace(before: HandOver, after: HandOver): Promise<void> {
    await this.journal.change((all) => [...all.filter((other) => !isSame(other, before)), after]);
  }

  private async forget(handOver: HandOver): Promise<void> {
    await this.journal.change((all) => all.filter((other) => !isSame(other, handOver)));
  }

  /** One after the other for each download: who comes later sees what the one before has left. */
  private async alone(id: number, run: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(run);
    const end = turn.catch(() => undefined);
    this.turns.set(id, end);
    await turn.finally(() => this.turns.get(id) === end && this.turns.delete(id));
  }
}
