import { isWebUrl, urlIn } from '../shared/address.js';

export type MediaKind = 'hls' | 'dash' | 'file';

/** A film or sound that a tab has loaded. */
export interface MediaFind {
  url: string;
  kind: MediaKind;
  mime: string;
  /** Absent: not known. */
  bytes?: number;
}

interface HeaderLine {
  name: string;
  value?: string | undefined;
}

export interface MediaAnswer {
  url: string;
  /** What asked for it: `media` is a player of the page. */
  type: string;
  statusCode: number;
  headers: readonly HeaderLine[];
}

const playlists: Record<string, MediaKind> = {
  'application/vnd.apple.mpegurl': 'hls',
  'application/x-mpegurl': 'hls',
  'audio/mpegurl': 'hls',
  'audio/x-mpegurl': 'hls',
  'application/dash+xml': 'dash',
};
const fileEnding = /\.(mp4|m4v|webm|mkv|mov|ogv|mp3|m4a|ogg|oga|opus|flac|wav)$/i;
const segmentEnding = /\.(ts|m4s|m4f|cmfv|cmfa|aac|vtt|key)$/i;
/** Sounds of a page's buttons are smaller. */
const leastBytes = 100 * 1024;
const mostFinds = 30;

/** Whether an answer to the address of a tab puts another page there: not what is saved, sent elsewhere or empty. */
export function opensPage(answer: MediaAnswer): boolean {
  const { statusCode } = answer;
  const isElsewhere = statusCode >= 300 && statusCode < 400 && statusCode !== 304;
  const isSaved = /^\s*attachment\b/i.test(headerOf(answer, 'content-disposition') ?? '');
  return !isElsewhere && !isSaved && statusCode !== 204 && statusCode !== 205;
}

/** What an answer of a server is, undefined when it is no film and no sound, or a piece of one. */
export function mediaIn(answer: MediaAnswer): MediaFind | undefined {
  if (!isWebUrl(answer.url) || answer.statusCode >= 300) return undefined;
  const mime = (headerOf(answer, 'content-type') ?? '').replace(/;.*$/, '').trim().toLowerCase();
  const path = urlIn(answer.url)?.pathname ?? '';
  const list = playlists[mime] ?? listByName(path, mime);
  if (list) return { url: answer.url, kind: list, mime };
  if (!isFilm(answer.type, mime, path) || mime === 'video/mp2t' || segmentEnding.test(path)) return undefined;
  const bytes = sizeOf(answer);
  if (bytes !== undefined && bytes < leastBytes) return undefined;
  return { url: answer.url, kind: 'file', mime, ...(bytes !== undefined && { bytes }) };
}

/** Servers that know nothing of films call them bytes. */
function isFilm(type: string, mime: string, path: string): boolean {
  if (/^(video|audio)\//.test(mime)) return true;
  return /^(application|binary)\/octet-stream$/.test(mime) && (type === 'media' || fileEnding.test(path));
}

/** Servers that know nothing of playlists call them text or bytes. */
function listByName(path: string, mime: string): MediaKind | undefined {
  if (mime !== '' && !/^(text\/plain|application\/octet-stream|binary\/octet-stream|application\/xml|text\/xml)$/.test(mime)) return undefined;
  if (/\.m3u8$/i.test(path)) return 'hls';
  return /\.mpd$/i.test(path) ? 'dash' : undefined;
}

/** Size of the whole, also where only a range of it was sent (RFC 9110 §14.4). */
function sizeOf(answer: MediaAnswer): number | undefined {
  const whole = /\/(\d+)$/.exec(headerOf(answer, 'content-range') ?? '')?.[1];
  const size = whole ?? (answer.statusCode === 200 ? headerOf(answer, 'content-length') : undefined);
  return size === undefined ? undefined : Number(size);
}

function headerOf({ headers }: MediaAnswer, name: string): string | undefined {
  return headers.find((line) => line.name.toLowerCase() === name)?.value;
}

/**
 * In the order they were found: a playlist of playlists comes before those it names. Of too many the oldest goes, a file
 * first: a page that loads its film in pieces has one playlist and many of them.
 */
export function withFind(finds: readonly MediaFind[], find: MediaFind): MediaFind[] {
  if (finds.some(({ url }) => url === find.url)) return [...finds];
  const all = [...finds, find];
  if (all.length > mostFinds) all.splice(Math.max(0, finds.findIndex(({ kind }) => kind === 'file')), 1);
  return all;
}
