import { isWebUrl, urlIn } from '../shared/address.js';
import type { CatchRules } from '../shared/settings.js';

/** What is known of a download when the browser begins it. */
export interface Candidate {
  url: string;
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

function isOfTypes({ url, fileName, mime }: Candidate, types: readonly string[]): boolean {
  const name = (fileName || urlIn(url)?.pathname || '').toLowerCase();
  const type = mime.toLowerCase();
  return types.some((wanted) => (wanted.includes('/') ? type.startsWith(wanted) : name.endsWith(`.${wanted}`)));
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
