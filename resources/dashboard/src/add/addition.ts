import type { Params } from 'dray-client';
import { linksOf, type WebFile } from './links.js';

/** The file at an address, or what yt-dlp finds behind a page. */
export type Fetch = 'file' | 'video' | 'sound';

/** What the form for a download asks; an empty text leaves it to the hub. */
export interface AddOptions {
  name: string;
  sha256: string;
  fetch: Fetch;
  /** Most lines of a video. */
  quality: string;
  category: string;
  ifExists: string;
  /** Counts for a file only. */
  unpack: boolean;
  /** Absolute folder the finished file goes to. */
  moveTo: string;
  /** At most; empty: as in the settings. */
  connections: string;
  /** Other addresses of the file, one on each line. */
  mirrors: string;
  /** Of the request, `Name: value` on each line. */
  headers: string;
}

export const qualities = ['1080', '720', '480'] as const;

/** What is said of one file, and goes with no other. */
const ofOneFile = { name: '', sha256: '', moveTo: '', mirrors: '', headers: '', unpack: false };

export function noOptions(): AddOptions {
  return { ...ofOneFile, fetch: 'file', quality: '', category: '', ifExists: '', connections: '' };
}

/** Those of them that hold for any file. */
export function optionsOfAll(options: AddOptions): AddOptions {
  return { ...options, ...ofOneFile };
}

/** Whether they say anything that is for one file alone. */
export function isOfOneFile(options: AddOptions): boolean {
  return (Object.keys(ofOneFile) as (keyof typeof ofOneFile)[]).some((member) => options[member]);
}

/** What a metalink tells of a file, as options of its first address. */
export function toldOptions({ name, sha256, urls }: WebFile): Pick<AddOptions, 'fetch' | 'name' | 'sha256' | 'mirrors'> {
  return { fetch: 'file', name, sha256, mirrors: urls.slice(1).join('\n') };
}

/** The spec of `job.add` for one of several files: with what is told of it, and of the options what holds for all. */
export function specOfOneOfMany(file: WebFile, options: AddOptions): Params {
  const ofAll = optionsOfAll(options);
  return specOf(file.urls[0] ?? '', file.name ? { ...ofAll, ...toldOptions(file) } : ofAll);
}

/** The spec of `job.add`. What yt-dlp makes has no checksum that could be known before. */
export function specOf(url: string, options: AddOptions): Params {
  const isFile = options.fetch === 'file';
  const spec: Params = { kind: isFile ? 'download' : 'media', url: url.trim() };
  const given = {
    name: options.name.trim(),
    sha256: isFile ? options.sha256.trim().toLowerCase() : '',
    format: options.fetch === 'video' ? formatOf(options.quality) : '',
    category: options.category,
    ifExists: options.ifExists,
  };
  for (const [member, value] of Object.entries(given)) if (value) spec[member] = value;
  if (options.fetch === 'sound') spec['audioOnly'] = true;
  if (isFile) Object.assign(spec, fileMembers(options));
  const headers = headersOf(options.headers);
  if (Object.keys(headers).length > 0) spec['headers'] = headers;
  const after = afterOf(options);
  if (after.length > 0) spec['after'] = after;
  return spec;
}

function fileMembers({ connections, mirrors }: AddOptions): Params {
  const addresses = linksOf(mirrors);
  return { ...(connections && { connections: Number(connections) }), ...(addresses.length > 0 && { mirrors: addresses }) };
}

const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)$/;

function headerLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
}

/** The first line that is no header: RFC 9110 §5.1. */
export function headerProblem(text: string): string | undefined {
  return headerLines(text).find((line) => !headerLine.test(line));
}

function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(headerLines(text).flatMap((line) => {
    const [, name, value] = headerLine.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  }));
}

/** What follows a finished file: unpacked where it is, then moved. */
function afterOf(options: AddOptions): unknown[] {
  const unpack = options.unpack && options.fetch === 'file' ? ['extract'] : [];
  const folder = options.moveTo.trim();
  return folder ? [...unpack, { move: folder }] : unpack;
}

/** The best video of at most that many lines with the best sound, or the best file that has both. */
function formatOf(lines: string): string {
  return lines && `bv*[height<=${lines}]+ba/b[height<=${lines}]`;
}

/** Names in the value of the setting download.categories: JSON in a text, or an empty text. */
export function categoryNames(value: unknown): string[] {
  if (typeof value !== 'string' || value === '') return [];
  const rules: unknown = JSON.parse(value);
  return Array.isArray(rules) ? rules.map((rule: { name?: unknown }) => String(rule.name)) : [];
}
