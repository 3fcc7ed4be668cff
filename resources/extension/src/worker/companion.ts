import type { ClientStatus, Job } from 'dray-client';
import { browserDownloads } from '../catch/browserdownloads.js';
import { Catcher } from '../catch/catcher.js';
import { Catching } from '../catch/catching.js';
import { watchKeys } from '../catch/watchkeys.js';
import { Outbox } from '../send/outbox.js';
import { Sending } from '../send/sending.js';
import { defaultSettings, readSettings, readToken, type Settings } from '../shared/settings.js';
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
  private shownBadge = '';

  constructor() {
    this.link = new HubLink({ statusChanged: () => void this.statusChanged(), jobsChanged: (jobs) => this.jobsChanged(jobs) });
    this.outbox = new Outbox(new Shelf(local, 'outbox', []), this.link, {
      refused: ({ url }, message) => void problemShelf.change(() => ({ url, message })),
      now: Date.now,
      pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
    this.catcher = new Catcher(new Shelf(local, 'journal', []), browserDownloads, this.link);
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

  async downloadBegun(item: chrome.downloads.DownloadItem): Promise<void> {
    await this.ready;
    if (!this.settings.catches) return;
    await this.catching.begun(item, this.settings);
    if ((await this.catcher.size()) > 0) setTimeout(() => void this.catcher.goOn(), doubtMs);
  }

  private async start(): Promise<void> {
    this.endings = new Endings(await unfinishedShelf.read());
    await this.refresh();
    if (chrome.downloads) void this.catcher.goOn();
  }

  private async statusChanged(): Promise<void> {
    this.refreshBadge();
    if (this.link.isOpen) await this.connected();
    else if (this.status === 'unauthorized') await this.wakes.stop();
    else if (this.status === 'offline') await this.wakes.lost();
  }

  private async connected(): Promise<void> {
    await this.wakes.connected();
    this.jobsChanged(this.link.jobs);
    await this.outbox.flush();
    if (chrome.downloads) await this.catcher.goOn();
  }

  private jobsChanged(jobs: Iterable<Job>): void {
    this.refreshBadge();
    if (!this.link.isOpen) return;
    const { ended, kept } = this.endings.look(jobs);
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
