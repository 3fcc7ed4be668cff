import { DrayError, type Job } from 'dray-client';
import { describe, expect, it } from 'vitest';
import { bytes, duration, percent, speedIn } from '../src/text/format.js';
import { linksIn, takeLinks } from '../src/add/links.js';
import { documentTitle, failureDetail, failureText, sizeText, stateText, stepsText } from '../src/text/jobtext.js';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

function job(fields: Partial<Job>): Job {
  return { id: '1', kind: 'download', title: 'a.iso', state: 'running', rev: 1, ...fields };
}

describe('speeds as typed', () => {
  it.each([
    ['0', 0], [' 1500 ', 1500], ['500K', 512_000], ['2m', 2_097_152], ['1G', 1024 ** 3],
    ['', undefined], ['fast', undefined], ['-1', undefined], ['1.5M', undefined],
  ])('%s is %s', (text, bytesPerSecond) => {
    expect(speedIn(text)).toBe(bytesPerSecond);
  });
});

describe('numbers', () => {
  it.each([
    [0, '0 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [1536, '1.5 KiB'], [1_048_575, '1.0 MiB'],
    [5 * 1024 ** 3, '5.0 GiB'], [2 ** 60, '1,024.0 PiB'],
  ])('%i bytes are %s', (count, text) => {
    expect(plain(bytes(count))).toBe(text);
  });

  it.each([
    [0, '0 s'], [59.4, '59 s'], [60, '1 min 00 s'], [3599, '59 min 59 s'], [3660, '1 h 01 min'],
    [90_000, '1 d 01 h'], [-5, '0 s'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(plain(duration(seconds))).toBe(text);
  });

  it.each([
    [0, 100, 0], [999, 1000, 99], [1000, 1000, 100], [5, undefined, undefined], [0, 0, undefined], [undefined, 10, 0],
  ])('%s of %s is %s percent', (done, total, part) => {
    expect(percent(done, total)).toBe(part);
  });
});

describe('sentences', () => {
  it('name the stage of what runs, and the state of what does not', () => {
    expect(stateText(job({ stage: 'hashing' }))).toBe('Checking');
    expect(stateText(job({ stage: '' }))).toBe('Running');
    expect(stateText(job({ state: 'paused', stage: 'transferring' }))).toBe('Paused');
  });

  it('names steps with their states', () => {
    expect(stepsText([{ title: 'Pack', state: 'succeeded', progress: 1 }, { title: 'Send', state: 'running', progress: 0.5 }])).toBe('Pack: Finished · Send: Running');
  });

  it('say how much of what', () => {
    expect(plain(sizeText(job({ done: 1024, total: 2048 })))).toBe('1.0 KiB of 2.0 KiB');
    expect(plain(sizeText(job({ done: 1024 })))).toBe('1.0 KiB');
    expect(plain(sizeText(job({ state: 'succeeded', done: 2048, total: 2048 })))).toBe('2.0 KiB');
    expect(sizeText(job({}))).toBe('');
  });

  it('tell errors by their code', () => {
    expect(failureText(new DrayError('refused', 'x', -32602, 'invalidUrl'))).toBe('This is not a valid address.');
    expect(failureText(new DrayError('refused', 'x says y', -32000, 'somethingElse'))).toBe('x says y');
    expect(failureDetail('No space left: /data: full')).toBe('/data: full');
    expect(failureDetail('No space left')).toBe('');
  });

  it('put progress into the title of the tab', () => {
    expect(documentTitle('connected', [])).toBe('Dray');
    expect(documentTitle('connected', [job({ done: 1, total: 4 })])).toBe('25 % · a.iso – Dray');
    expect(documentTitle('connected', [job({ done: 1, total: 4 }), job({ done: 1, total: 4 }), job({})])).toBe('25 % · 3 active – Dray');
    expect(documentTitle('offline', [job({})])).toBe('Offline – Dray');
  });
});

describe('a pasted text', () => {
  const data = (text: string) => ({ getData: (type: string) => (type === 'text/plain' ? text : '') }) as unknown as DataTransfer;

  it.each([
    ['https://example.org/a.iso', ['https://example.org/a.iso']],
    ['  http://example.org/a \nmore', ['http://example.org/a']],
    ['https://a.org/1\r\nhttps://a.org/2\nhttps://a.org/1', ['https://a.org/1', 'https://a.org/2']],
    ['javascript:alert(1)', []],
    ['see https://example.org', []],
  ])('%j has the links %j', (text, links) => {
    expect(linksIn(data(text))).toEqual(links);
  });

  it('that another program shared has those within its words, too', () => {
    const taken = (shared: string) => takeLinks({ search: `?${new URLSearchParams({ add: shared })}`, pathname: '/', hash: '' } as Location, { replaceState: () => undefined } as unknown as History);
    expect(taken('Look at this: http://h.test/x (and https://a.org/b.iso).')).toEqual(['http://h.test/x', 'https://a.org/b.iso']);
    expect(taken('https://a.org/1\nsee https://a.org/2')).toEqual(['https://a.org/1']);
    expect(taken('nothing')).toEqual([]);
  });
});
