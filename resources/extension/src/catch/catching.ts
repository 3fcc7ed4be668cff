import type { Settings } from '../shared/settings.js';
import { orderOf, type Address, type Order } from '../shared/spec.js';
import { containerOf, cookiesFor } from '../send/cookies.js';
import { baseName, nameOf } from './browserdownloads.js';
import type { Catcher } from './catcher.js';
import { factsOf, RequestLog, type SentRequest } from './requestlog.js';
import { needsName, reasonToLeave, type Candidate } from './rules.js';

/** A click and the request it brings about are no further apart. */
const clickMs = 1_000;

/** Looks at each download that the browser begins, and hands over those that Dray takes. */
export class Catching {
  private readonly requests = new RequestLog();
  private readonly heldAt = new Map<string, number>();

  constructor(private readonly catcher: Catcher) {}

  requestSent(request: SentRequest): void {
    this.requests.add(request);
  }

  /** Keys that the user held while clicking. */
  clicked(held: readonly string[]): void {
    for (const key of held) this.heldAt.set(key, Date.now());
  }

  async begun(item: chrome.downloads.DownloadItem, settings: Settings): Promise<void> {
    const request = this.requests.find(urlOf(item));
    const isBypassed = Math.abs((request?.beganAt ?? 0) - (this.heldAt.get(settings.bypassKey) ?? -Infinity)) < clickMs;
    const circumstances = { method: request?.method, isBypassed, hubUrl: settings.hubUrl };
    const { rules } = settings;
    const asIsBegun = candidateFrom(item, baseName(item.filename));
    if (!request || reasonToLeave(asIsBegun, circumstances, { ...rules, types: [] })) return;
    // Nothing stands still yet: the browser goes on while its name for the file is waited for.
    const candidate = needsName(rules) && !asIsBegun.fileName ? candidateFrom(item, await nameOf(item.id)) : asIsBegun;
    if (reasonToLeave(candidate, circumstances, rules)) return;
    const makeOrder = () => catchOrder(item, { ...candidate, hubUrl: settings.hubUrl }, request);
    await this.catcher.take({ id: item.id, startTime: item.startTime, makeOrder });
  }
}

function urlOf({ finalUrl, url }: chrome.downloads.DownloadItem): string {
  return finalUrl || url;
}

function candidateFrom(item: chrome.downloads.DownloadItem, fileName: string): Candidate {
  return {
    url: urlOf(item),
    firstUrl: item.url,
    fileName,
    mime: item.mime,
    totalBytes: item.totalBytes,
    referrer: item.referrer,
    state: item.state,
    isPrivate: item.incognito,
    isOfExtension: item.byExtensionId !== undefined,
  };
}

async function catchOrder(item: chrome.downloads.DownloadItem, from: Candidate & Address, request: SentRequest): Promise<Order> {
  const { headers, ...sent } = factsOf(request);
  const facts = {
    headers,
    referer: sent.referer ?? from.referrer,
    userAgent: sent.userAgent ?? navigator.userAgent,
    cookies: await cookiesOf(request, from.url, containerOf(item)),
  };
  const name = await nameOf(item.id);
  return orderOf(from, { kind: 'download', ...(name && { name }) }, facts);
}

/** A cookie that the browser did not send is not Dray's to send. */
async function cookiesOf(request: SentRequest, url: string, container: string | undefined): Promise<string | undefined> {
  // Of a link with the attribute `download` Chromium shows no header.
  return request.headers.length > 0 ? factsOf(request).cookies : cookiesFor(url, container);
}
