import type { ClientStatus } from 'dray-client';
import { browserDownloads } from '../catch/browserdownloads.js';
import { Catcher } from '../catch/catcher.js';
import { Catching } from '../catch/catching.js';
import { watchKeys } from '../catch/watchkeys.js';
import { Outbox } from '../send/outbox.js';
import { Sending } from '../send/sending.js';
import { gathered } from '../shared/gathered.js';
import { giveBack, strandedFeatures } from '../shared/permissions.js';
import { changeSettings, defaultSettings, readSettings, readToken, type Settings } from '../shared/settings.js';
import { Shelf } from '../shared/shelf.js';
import { badgeLook, showBadge } from './badge.js';
import { Endings } from './endings.js';
import { HubLink } from './hublink.js';
import { tellEnding } from './notices.js';
import { problemShelf } from './problems.js';
import { Wakes } from './wakes.js';

const { local, session } = chrome.storage;
/** A doubt is looked at again after this; the alarm is there for when the worker is not. */
const doubtMs = 10_000;
/** What changes within this is looked at, and written down, together. */
const gatherMs = 200;
const unfinishedShelf = new Shelf<string[]>(session, 'unfinished', []);

/** Everything the worker does, put together. What must outlive the worker is on shelves. */
export class Companion {
  settings: Settings = defaultSettings;
  readonly catching: Catching;
  readonly sending: Sending;
  readonly wakes = new Wakes(new Shelf(session, 'failures', 0));
  /** Settings are read and a connection is being made. */
  readonly ready: Promise<void>;

  private readonly link: HubLink;
  private readonly outbox: Outbox;
  private readonly catcher: Catcher;
  private endings = new Endings([]);
  /** Undefined: what an earlier worker left. */
  private shownBadge: string | undefined;

  constructor() {
    this.link = new HubLink({
      statusChanged: () => void this.statusChanged(),
      jobsChanged: gathered(() => this.lookAtJobs(), gatherMs),
      jobSeen: (id) => this.endings.saw(id),
    });
    this.outbox = new Outbox(new Shelf(local, 'outbox', []), this.link, {
      refused: ({ url }, message) => void problemShelf.change(() => ({ kind: 'refused', url, message })),
      now: Date.now,
      pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
    this.catcher = new Catcher(new Shelf(local, 'journal', []), browserDownloads, this.link, ({ url, isBegun }) => {
      void problemShelf.change(() => ({ kind: isBegun ? 'startedAgain' : 'stopped', url, message: '' }));
    });
    this.catching = new Catching(this.catcher);
    this.sending = new Sending(this.outbox);
    this.ready = this.start();
  }

  get status(): ClientStatus {
    return this.link.status;
  }

  /** Reads the settings and (re)connects as they say. */
  async refresh(): Promise<void> {
    this.settings = await readSettings();
    this.link.open(this.settings.hubUrl, await readToken());
    await watchKeys(this.settings);
  }

  /** After an alarm. */
  async woken(): Promise<void> {
    await this.ready;
    await this.refresh();
    if (this.link.isOpen) await this.connected();
  }

  /** Gives permissions back that no feature which is on needs, once no hand-over is open that needs them. */
  async giveBack(): Promise<void> {
    if (!this.settings.catches) await this.endCatching();
    await giveBack(await readSettings());
    await this.outbox.flush();
  }

  /** A feature without what it needs is off, and shown so. */
  async permissionsLost(): Promise<void> {
    const stranded = await strandedFeatures(await readSettings());
    if (stranded.length > 0) await changeSettings(Object.fromEntries(stranded.map((feature) => [feature, false])));
    await this.refresh();
  }

  /** Of what waits for Dray. */
  discardWaiting(): Promise<void> {
    return this.outbox.discard();
  }

  async downloadBegun(item: chrome.downloads.DownloadItem): Promise<void> {
    await this.ready;
    if (!this.settings.catches) return;
    await this.catching.begun(item, this.settings);
    if ((await this.catcher.size()) > 0) setTimeout(() => void this.goOnCatching(), doubtMs);
  }

  private async start(): Promise<void> {
    this.endings = new Endings(await unfinishedShelf.read());
    await this.permissionsLost();
    this.refreshBadge();
    void this.goOnCatching();
  }

  /** Without the permission nothing is to be asked of the browser: what is open goes to Dray. */
  private goOnCatching(): Promise<void> {
    return chrome.downloads ? this.catcher.goOn() : this.endCatching();
  }

  private endCatching(): Promise<void> {
    return this.catcher.end((order, orderedAt) => this.outbox.put([order], orderedAt));
  }

  private async statusChanged(): Promise<void> {
    this.refreshBadge();
    if (this.link.isOpen) await this.connected();
    else if (this.status === 'unauthorized') await this.wakes.stop();
    else if (this.status === 'offline') await this.wakes.lost();
  }

  private async connected(): Promise<void> {
    await this.wakes.connected();
    this.lookAtJobs();
    await this.goOnCatching();
    await this.outbox.flush();
  }

  private lookAtJobs(): void {
    this.refreshBadge();
    if (!this.link.isOpen) return;
    const { ended, kept } = this.endings.look(this.link.jobs);
    if (kept) void unfinishedShelf.change(() => kept);
    if (this.settings.notifies) ended.forEach((job) => void tellEnding(job));
  }

  private refreshBadge(): void {
    const running = [...this.link.jobs].filter(({ state }) => state === 'running').length;
    const look = badgeLook(this.status, running);
    if (look.text === this.shownBadge) return;
    this.shownBadge = look.text;
    void showBadge(look);
  }
}
