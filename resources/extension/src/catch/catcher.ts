import type { AddEnd } from '../send/outbox.js';
import { clocksDifferMs, isKeyOld, type Recall } from '../shared/recall.js';
import type { Shelf } from '../shared/shelf.js';
import type { Order } from '../shared/spec.js';
import { settle, settleLate } from './doubt.js';
import type { HandOver, Standing } from './handover.js';

/** The browser's downloads. Nothing rejects: false says that it could not be done. */
export interface BrowserDownloads {
  find(id: number): Promise<Standing | undefined>;
  pause(id: number): Promise<boolean>;
  resume(id: number): Promise<boolean>;
  /** Takes it out of the browser, with what it has of the file. */
  drop(id: number): Promise<void>;
}

export interface HubDoor {
  /** Waits a moment for a connection that is being made. */
  isLive(): Promise<boolean>;
  add(order: Order): Promise<AddEnd>;
  /** What it has, or had, of an address since then (milliseconds since 1970). */
  recall(url: string, since: number): Promise<Recall>;
  /** With its file. */
  remove(job: string): Promise<boolean>;
}

export interface NewDownload {
  id: number;
  startTime: string;
  /** Asked when the browser's download is paused. */
  makeOrder(): Promise<Order>;
}

type Sent = Exclude<HandOver, { phase: 'found' }>;

/** Hands downloads of the browser over to Dray; see handover.ts. */
export class Catcher {
  /** Who is at a download, and who waits for his turn. */
  private readonly turns = new Map<number, Promise<void>>();

  constructor(
    private readonly journal: Shelf<HandOver[]>,
    private readonly browser: BrowserDownloads,
    private readonly hub: HubDoor,
    private readonly now: () => number = Date.now,
  ) {}

  async take({ id, startTime, makeOrder }: NewDownload): Promise<void> {
    await this.alone(id, async () => {
      await this.write({ phase: 'found', download: id, startTime });
      if (!(await this.browser.pause(id))) return this.forget(id);
      if (!(await this.hub.isLive())) return this.giveBack(id);
      const sent: Sent = { phase: 'sent', download: id, startTime, order: await makeOrder() };
      await this.write(sent);
      await this.send(sent);
    });
  }

  /** Goes on with what an earlier worker left, and with what is doubtful. Call at start and when Dray is there. */
  async goOn(): Promise<void> {
    for (const { download } of await this.journal.read()) await this.alone(download, () => this.goOnAt(download));
  }

  /** What stands in the journal once nobody else is at it. */
  private async goOnAt(id: number): Promise<void> {
    const handOver = (await this.journal.read()).find(({ download }) => download === id);
    if (handOver) await this.goOnWith(handOver);
  }

  async size(): Promise<number> {
    return (await this.journal.read()).length;
  }

  private async goOnWith(handOver: HandOver): Promise<void> {
    const known = await this.browser.find(handOver.download);
    // Numbers of downloads may be given again after the browser was started again.
    const standing = known?.startTime === handOver.startTime ? known : undefined;
    if (handOver.phase === 'found') return standing ? this.giveBack(handOver.download) : this.forget(handOver.download);
    if (handOver.phase === 'accepted') return this.finish(handOver, standing);
    if (handOver.phase === 'doubtful') return this.clear(handOver, standing);
    return standing?.state === 'in_progress' && !this.isOld(handOver) ? this.send(handOver) : this.doubt(handOver);
  }

  private async send(handOver: Sent): Promise<void> {
    const end: AddEnd = (await this.hub.isLive()) ? await this.hub.add(handOver.order) : { kind: 'unknown' };
    if (end.kind === 'refused') return this.giveBack(handOver.download);
    if (end.kind === 'unknown') return this.doubt(handOver);
    await this.write({ ...handOver, phase: 'accepted' });
    await this.browser.drop(handOver.download);
    await this.forget(handOver.download);
  }

  /** Dray has it. A download that is not there may have given its number to another. */
  private async finish(handOver: Sent, standing: Standing | undefined): Promise<void> {
    if (standing) await this.browser.drop(handOver.download);
    await this.forget(handOver.download);
  }

  private async doubt(handOver: Sent): Promise<void> {
    await this.write({ ...handOver, phase: 'doubtful' });
    await this.browser.resume(handOver.download);
  }

  /** The same order again: Dray answers with the job it made of it, or makes it. */
  private async clear(handOver: Sent, standing: Standing | undefined): Promise<void> {
    if (!(await this.hub.isLive())) return;
    if (this.isOld(handOver)) return this.clearLate(handOver, standing);
    const end = await this.hub.add(handOver.order);
    if (end.kind === 'unknown') return;
    if (end.kind === 'refused') return this.forget(handOver.download);
    if (settle(standing, end.state) === 'keepDrays') return this.finish(handOver, standing);
    if (await this.hub.remove(end.job)) await this.forget(handOver.download);
  }

  /** The same order would be another one: what Dray remembers of the address is looked at first. */
  private async clearLate(handOver: Sent, standing: Standing | undefined): Promise<void> {
    const startedAt = Date.parse(handOver.startTime);
    const known = await this.hub.recall(handOver.order.url, startedAt - clocksDifferMs);
    if (known.kind === 'unknown') return;
    const settlement = settleLate(standing, known, startedAt);
    if (settlement === 'keepDrays') return this.finish(handOver, standing);
    if (settlement === 'removeDrays' && known.kind === 'job' && !(await this.hub.remove(known.job))) return;
    if (settlement !== 'sendAgain') return this.forget(handOver.download);
    const end = await this.hub.add(handOver.order);
    if (end.kind === 'accepted') await this.finish(handOver, standing);
    if (end.kind === 'refused') await this.forget(handOver.download);
  }

  private isOld({ startTime }: Sent): boolean {
    return isKeyOld(Date.parse(startTime), this.now());
  }

  private async giveBack(id: number): Promise<void> {
    await this.browser.resume(id);
    await this.forget(id);
  }

  private async write(handOver: HandOver): Promise<void> {
    await this.journal.change((all) => [...all.filter(({ download }) => download !== handOver.download), handOver]);
  }

  private async forget(id: number): Promise<void> {
    await this.journal.change((all) => all.filter(({ download }) => download !== id));
  }

  /** One after the other for each download: who comes later sees what the one before has left. */
  private async alone(id: number, run: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(run);
    const end = turn.catch(() => undefined);
    this.turns.set(id, end);
    await turn.finally(() => this.turns.get(id) === end && this.turns.delete(id));
  }
}
