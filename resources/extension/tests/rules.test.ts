import { describe, expect, test } from 'vitest';
import { baseName } from '../src/catch/browserdownloads.js';
import { isOfSites, listIn, reasonToLeave, sitesIn, type Candidate, type Circumstances, type Reason } from '../src/catch/rules.js';
import type { CatchRules } from '../src/shared/settings.js';

const rules: CatchRules = { leastBytes: 1000, types: [], typesAre: 'left', leftSites: [] };
const get: Circumstances = { method: 'GET', isBypassed: false, hubUrl: 'http://127.0.0.1:8765' };
const iso: Candidate = {
  url: 'https://example.org/a/system.iso?x=1',
  firstUrl: 'https://example.org/a/system.iso?x=1',
  fileName: '',
  mime: 'application/octet-stream',
  totalBytes: 5000,
  referrer: 'https://pages.example.net/',
  state: 'in_progress',
  isPrivate: false,
  isOfExtension: false,
};

interface Row {
  name: string;
  candidate?: Partial<Candidate>;
  circumstances?: Partial<Circumstances>;
  rules?: Partial<CatchRules>;
  reason: Reason | undefined;
}

const rows: Row[] = [
  { name: 'a plain download is taken', reason: undefined },
  { name: 'one that has ended stays', candidate: { state: 'complete' }, reason: 'ended' },
  { name: 'one of a private window stays', candidate: { isPrivate: true }, reason: 'private' },
  { name: 'one of another extension stays', candidate: { isOfExtension: true }, reason: 'extension' },
  { name: 'a blob stays', candidate: { url: 'blob:https://example.org/1' }, reason: 'notWeb' },
  { name: 'a data URL stays', candidate: { url: 'data:text/plain,x' }, reason: 'notWeb' },
  { name: 'the answer to a form stays', circumstances: { method: 'POST' }, reason: 'method' },
  { name: 'a request that was not seen stays', circumstances: { method: undefined }, reason: 'method' },
  { name: 'a file of the hub stays', candidate: { url: 'http://127.0.0.1:8765/file/1' }, reason: 'hub' },
  { name: 'a held key keeps it here', circumstances: { isBypassed: true }, reason: 'bypassed' },
  { name: 'a small one stays', candidate: { totalBytes: 999 }, reason: 'size' },
  { name: 'just large enough is taken', candidate: { totalBytes: 1000 }, reason: undefined },
  { name: 'an unknown size does not count', candidate: { totalBytes: -1 }, reason: undefined },
  { name: 'a type that is left stays, by the address', rules: { types: ['iso'] }, reason: 'type' },
  { name: 'the name of the file goes before the address', candidate: { fileName: 'x.ZIP' }, rules: { types: ['iso'] }, reason: undefined },
  { name: 'without a name the address counts as it was before redirects too', candidate: { url: 'https://cdn.example.org/7f3a', firstUrl: iso.url }, rules: { types: ['iso'] }, reason: 'type' },
  { name: 'another type than the left is taken', rules: { types: ['pdf'] }, reason: undefined },
  { name: 'a wanted type is taken', rules: { types: ['iso'], typesAre: 'taken' }, reason: undefined },
  { name: 'another type than the wanted stays', rules: { types: ['pdf'], typesAre: 'taken' }, reason: 'type' },
  { name: 'a MIME type counts', rules: { types: ['application/'] }, reason: 'type' },
  { name: 'a left site stays', rules: { leftSites: ['example.org'] }, reason: 'site' },
  { name: 'a link on a left site stays', rules: { leftSites: ['example.net'] }, reason: 'site' },
  { name: 'a site that only ends alike is taken', rules: { leftSites: ['ample.org'] }, reason: undefined },
];

describe('what Dray takes', () => {
  test.each(rows)('$name', ({ candidate, circumstances, rules: more, reason }) => {
    expect(reasonToLeave({ ...iso, ...candidate }, { ...get, ...circumstances }, { ...rules, ...more })).toBe(reason);
  });
});

test('a list is read as people write it', () => {
  expect(listIn(' .ISO, *.zip;pdf\nimage/ pdf')).toEqual(['iso', 'zip', 'pdf', 'image/']);
  expect(listIn(' , ')).toEqual([]);
  expect(sitesIn('https://Example.org/downloads, *.sub.example.net:8080 example.org bücher.example')).toEqual(['example.org', 'sub.example.net', 'xn--bcher-kva.example']);
});

test('a site is its host and what is below', () => {
  expect(isOfSites('https://a.example.org/', ['example.org'])).toBe(true);
  expect(isOfSites('not an address', ['example.org'])).toBe(false);
});

test('the name of a file is what is behind the last separator', () => {
  expect(['/home/me/a.iso', 'C:\\Users\\me\\b.iso', 'c.iso', ''].map(baseName)).toEqual(['a.iso', 'b.iso', 'c.iso', '']);
});
