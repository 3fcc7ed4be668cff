import { addMedia, forgetMedia } from '../media/mediatabs.js';
import { mediaIn, opensPage } from '../media/mediafind.js';
import type { Companion } from './companion.js';
import { listen, type Stop } from './listen.js';
import { openHub } from './openhub.js';
import { listenToNotices } from './notices.js';

type Interface = 'downloads' | 'webRequest' | 'notifications';
type Headers = chrome.webRequest.OnHeadersReceivedDetails;

const allSites = { urls: ['http://*/*', 'https://*/*'] };

/** Listeners of the interfaces that are there only with the permissions which the user gives with a feature. */
export class OptionalListeners {
  private readonly added = new Map<Interface, Stop[]>();

  constructor(private readonly companion: Companion) {}

  /** Call as soon as the worker starts, and when a permission came. */
  add(): void {
    this.once('downloads', () => this.listenToDownloads());
    this.once('webRequest', () => this.listenToRequests());
    this.once('notifications', () => [listenToNotices(() => void openHub())]);
  }

  /** Call when permissions went: whether their interfaces still know the listeners when they come again is the browser's affair. */
  forget(permissions: readonly string[]): void {
    for (const [name, stops] of this.added) {
      if (!permissions.includes(name)) continue;
      this.added.delete(name);
      stops.forEach((stop) => stop());
    }
  }

  private once(name: Interface, begin: () => Stop[]): void {
    if (chrome[name] && !this.added.has(name)) this.added.set(name, begin());
  }

  private listenToDownloads(): Stop[] {
    return [listen(chrome.downloads.onCreated, (item) => void this.companion.downloadBegun(item))];
  }

  private listenToRequests(): Stop[] {
    // Chromium shows Cookie and Referer only for this word, which Firefox does not know.
    const extra = chrome.webRequest.OnSendHeadersOptions?.EXTRA_HEADERS;
    const sent = listen(
      chrome.webRequest.onSendHeaders,
      ({ requestId, url, method, timeStamp, requestHeaders = [] }) =>
        this.companion.catching.requestSent({ requestId, url, method, timeStamp, headers: requestHeaders }),
      { ...allSites, types: ['main_frame', 'sub_frame', 'other'] },
      extra ? ['requestHeaders', extra] : ['requestHeaders'],
    );
    const answered = listen(
      chrome.webRequest.onHeadersReceived,
      (details) => void this.answered(details),
      { ...allSites, types: ['main_frame', 'sub_frame', 'media', 'xmlhttprequest', 'object', 'other'] },
      ['responseHeaders'],
    );
    return [sent, answered, listen(chrome.tabs.onRemoved, (tab) => void forgetMedia(tab))];
  }

  private async answered({ tabId, type, url, statusCode, responseHeaders = [] }: Headers): Promise<undefined> {
    if (tabId < 0) return;
    await this.companion.ready;
    if (!this.companion.settings.findsMedia) return;
    const answer = { url, type, statusCode, headers: responseHeaders };
    if (type === 'main_frame' && opensPage(answer)) await forgetMedia(tabId);
    const find = mediaIn(answer);
    if (find) await addMedia(tabId, find);
  }
}
