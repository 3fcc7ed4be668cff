import type { Job } from 'dray-client';
import { describe, expect, test } from 'vitest';
import { recall, type HistoryPage, type PastJob } from '../src/shared/recall.js';
import { isSameAddress } from '../src/shared/sameaddress.js';

const url = 'https://example.org/a.iso';
const asked = { url, since: 1000 };

test.each([
  ['https://example.org/a%20b.iso', 'https://example.org/a b.iso', true],
  ['https://me:secret@example.org/a.iso#part', 'https://example.org/a.iso', true],
  ['https://example.org/a.iso?id=7&token=abc', 'https://example.org/a.iso?id=7&token=***', true],
  ['https://example.org/a.iso?id=7&token=abc', 'https://example.org/a.iso?id=8&token=***', false],
  ['https://example.org/a.iso?id=7', 'https://example.org/a.iso?id=7&part=2', false],
  ['https://example.org/100%.iso', 'https://example.org/100%.iso', true],
  ['https://b\u00fccher.example/x', 'https://xn--bcher-kva.example/x', true],
  ['https://example.org/a.iso', 'http://example.org/a.iso', false],
  ['https://example.org/a.iso', '/images/a.iso', false],
])('%s is shown as %s: %s', (mine, shown, isSame) => {
  expect(isSameAddress(mine, shown)).toBe(isSame);
});

describe('what Dray remembers', () => {
  const job = (id: string, createdAt: number, source = url): Job => ({ id, createdAt, source, kind: 'download', title: id, state: 'running', rev: 1 });
  const past = (finishedAt: number, source = url): PastJob => ({ finishedAt, source, verdict: 'succeeded' });
  const pages = (...all: PastJob[][]) => (before: string | undefined): Promise<HistoryPage> => {
    const at = Number(before ?? 0);
    return Promise.resolve({ history: all[at] ?? [], ...(at + 1 < all.length && { next: String(at + 1) }) });
  };

  test('is the first job for the address since then', async () => {
    const jobs = [job('3', 1500), job('2', 1200), job('1', 900), job('4', 1100, 'https://example.org/b.iso')];
    expect(await recall(jobs, pages(), asked)).toEqual({ kind: 'job', job: '2', state: 'running', createdAt: 1200 });
  });

  test('is in the history, where the job was removed', async () => {
    const history = pages([past(3000, 'https://example.org/b.iso')], [past(2000)]);
    expect(await recall([], history, asked)).toEqual({ kind: 'ended', verdict: 'succeeded' });
  });

  test('is nothing where both know only what was before', async () => {
    const tooOld = pages([past(900)], [past(2000)]);
    expect(await recall([job('1', 900)], tooOld, asked)).toEqual({ kind: 'nothing' });
    expect(await recall([], pages([]), asked)).toEqual({ kind: 'nothing' });
  });
});
