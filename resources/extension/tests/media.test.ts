import { expect, test } from 'vitest';
import { mediaIn, opensPage, withFind, type MediaFind } from '../src/media/mediafind.js';

const answer = (url: string, headers: Record<string, string>, statusCode = 200, type = 'xmlhttprequest') => ({
  url,
  type,
  statusCode,
  headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
});

test.each<[string, Parameters<typeof answer>, MediaFind | undefined]>([
  ['a playlist by its type', ['https://a.test/list', { 'Content-Type': 'application/vnd.apple.mpegurl; charset=utf-8' }],
    { url: 'https://a.test/list', kind: 'hls', mime: 'application/vnd.apple.mpegurl' }],
  ['a playlist by its name', ['https://a.test/talk.m3u8?x=1', { 'Content-Type': 'text/plain' }],
    { url: 'https://a.test/talk.m3u8?x=1', kind: 'hls', mime: 'text/plain' }],
  ['a page about playlists is none', ['https://a.test/talk.m3u8', { 'Content-Type': 'text/html' }], undefined],
  ['DASH', ['https://a.test/film.mpd', { 'Content-Type': 'application/dash+xml' }],
    { url: 'https://a.test/film.mpd', kind: 'dash', mime: 'application/dash+xml' }],
  ['a film', ['https://a.test/film.mp4', { 'Content-Type': 'video/mp4', 'Content-Length': '5000000' }],
    { url: 'https://a.test/film.mp4', kind: 'file', mime: 'video/mp4', bytes: 5_000_000 }],
  ['a range of a film has the size of the whole', ['https://a.test/film.mp4', { 'Content-Type': 'video/mp4', 'Content-Length': '10', 'Content-Range': 'bytes 0-9/5000000' }, 206],
    { url: 'https://a.test/film.mp4', kind: 'file', mime: 'video/mp4', bytes: 5_000_000 }],
  ['sound of unknown size', ['https://a.test/radio', { 'content-type': 'audio/mpeg' }],
    { url: 'https://a.test/radio', kind: 'file', mime: 'audio/mpeg' }],
  ['bytes that are called as a film', ['https://a.test/film.MP4?x=1', { 'Content-Type': 'application/octet-stream' }],
    { url: 'https://a.test/film.MP4?x=1', kind: 'file', mime: 'application/octet-stream' }],
  ['bytes that a player asked for', ['https://a.test/film', { 'Content-Type': 'binary/octet-stream' }, 200, 'media'],
    { url: 'https://a.test/film', kind: 'file', mime: 'binary/octet-stream' }],
  ['bytes are none', ['https://a.test/data', { 'Content-Type': 'application/octet-stream' }], undefined],
  ['a segment that is called bytes is none', ['https://a.test/1.ts', { 'Content-Type': 'application/octet-stream' }, 200, 'media'], undefined],
  ['the click of a button is none', ['https://a.test/click.mp3', { 'Content-Type': 'audio/mpeg', 'Content-Length': '4000' }], undefined],
  ['a segment is none', ['https://a.test/1.ts', { 'Content-Type': 'video/mp2t' }], undefined],
  ['a fragment is none', ['https://a.test/1.m4s', { 'Content-Type': 'video/mp4' }], undefined],
  ['an error is none', ['https://a.test/film.mp4', { 'Content-Type': 'video/mp4' }, 404], undefined],
  ['a page is none', ['https://a.test/', { 'Content-Type': 'text/html' }], undefined],
])('%s', (_, parts, found) => {
  expect(mediaIn(answer(...parts))).toEqual(found);
});

test('each is listed once, in the order of finding', () => {
  const find = (url: string): MediaFind => ({ url, kind: 'hls', mime: '' });
  const finds = ['a', 'b', 'a'].map(find).reduce<MediaFind[]>(withFind, []);
  expect(finds.map(({ url }) => url)).toEqual(['a', 'b']);
});

test('of too many the oldest goes, a file before a playlist', () => {
  const find = (kind: MediaFind['kind']) => (_: unknown, index: number): MediaFind => ({ url: `${kind}${index}`, kind, mime: '' });
  const listed = (finds: MediaFind[]) => finds.reduce<MediaFind[]>(withFind, []).map(({ url }) => url);
  const list: MediaFind = { url: 'list', kind: 'hls', mime: '' };
  expect(listed([list, ...Array.from({ length: 40 }, find('file'))])).toEqual(['list', ...Array.from({ length: 29 }, (_, index) => `file${index + 11}`)]);
  expect(listed(Array.from({ length: 31 }, find('dash')))[0]).toBe('dash1');
});

test.each<[string, number, Record<string, string>, boolean]>([
  ['a page', 200, { 'Content-Type': 'text/html' }, true],
  ['a page as it was', 304, {}, true],
  ['an error', 404, { 'Content-Disposition': 'inline' }, true],
  ['a file to save', 200, { 'Content-Disposition': 'Attachment; filename="a.zip"' }, false],
  ['a way elsewhere', 302, { Location: '/file' }, false],
  ['nothing', 204, {}, false],
])('%s in a tab takes the place of its page or not', (_, statusCode, headers, opens) => {
  expect(opensPage(answer('https://a.test/', headers, statusCode))).toBe(opens);
});
