import { isWebUrl, urlIn } from '../shared/address.js';
import type { CatchRules } from '../shared/settings.js';

/** What is known of a download when the browser begins it. */
export interface Candidate {
  url: string;
  /** Before redirects. */
  firstUrl: string;
  /** Name of the file, empty when the browser has none yet. */
  fileName: string;
  mime: string;
  /** -1 when it is not known. */
  totalBytes: number;
  referrer: string;
  state: string;
  isPrivate: boolean;
  isOfExtension: boolean;
}

/** How the request was made, and what the user held while clicking. */
export interface Circumstances {
  /** Undefined when the request was not seen. */
  method: string | undefined;
  isBypassed: boolean;
  hubUrl: string;
}

/** Why a download stays with the browser. */
export type Reason = 'ended' | 'private' | 'extension' | 'notWeb' | 'method' | 'hub' | 'bypassed' | 'size' | 'type' | 'site';

/** Undefined: Dray takes it. A request that was not a plain GET would not bring the same file again. */
export function reasonToLeave(candidate: Candidate, circumstances: Circumstances, rules: CatchRules): Reason | undefined {
  if (candidate.state !== 'in_progress') return 'ended';
  if (candidate.isPrivate) return 'private';
  if (candidate.isOfExtension) return 'extension';
  if (!isWebUrl(candidate.url)) return 'notWeb';
  if (urlIn(candidate.url)?.origin === circumstances.hubUrl) return 'hub';
  if (circumstances.method !== 'GET') return 'method';
  if (circumstances.isBypassed) return 'bypassed';
  return byRules(candidate, rules);
}

function byRules(candidate: Candidate, rules: CatchRules): Reason | undefined {
  if (candidate.totalBytes >= 0 && candidate.totalBytes < rules.leastBytes) return 'size';
  if (rules.types.length > 0 && isOfTypes(candidate, rules.types) === (rules.typesAre === 'left')) return 'type';
  const isLeft = [candidate.url, candidate.referrer].some((address) => isOfSites(address, rules.leftSites));
  return isLeft ? 'site' : undefined;
}

/** Whether a rule asks for the ending of the name, which the browser finds out a moment after it began. */
export function needsName({ types }: CatchRules): boolean {
  return types.some(isEnding);
}

const isEnding = (type: string) => !type.includes('/');

/** Where the browser has no name for the file, that of the address tells, as it was clicked or as it is in the end. */
function isOfTypes({ url, firstUrl, fileName, mime }: Candidate, types: readonly string[]): boolean {
  const pathOf = (address: string) => urlIn(address)?.pathname.toLowerCase() ?? '';
  const names = fileName ? [fileName.toLowerCase()] : [pathOf(url), pathOf(firstUrl)];
  const type = mime.toLowerCase();
  return types.some((wanted) => (isEnding(wanted) ? names.some((name) => name.endsWith(`.${wanted}`)) : type.startsWith(wanted)));
}

export function isOfSites(address: string, sites: readonly string[]): boolean {
  const host = urlIn(address)?.hostname ?? '';
  return sites.some((site) => host === site || host.endsWith(`.${site}`));
}

/** A list as people write it: by commas, spaces or lines; dots and stars before an ending do not count. */
export function listIn(text: string): string[] {
  const words = text.toLowerCase().split(/[\s,;]+/).map((part) => part.replace(/^\*?\.+/, ''));
  return [...new Set(words.filter((part) => part !== ''))];
}

/** The hosts of such a list: of an address only its host counts. */
export function sitesIn(text: string): string[] {
  return [...new Set(listIn(text).map((site) => urlIn(site.includes('://') ? site : `http://${site}`)?.hostname ?? site))];
}
