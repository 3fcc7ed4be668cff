import type { Job } from 'dray-client';
import { expect, test } from 'vitest';
import { firstJobs } from '../src/popup/joborder.js';
import { Format } from '../../shared/format.js';
import { badgeLook } from '../src/worker/badge.js';
import { Endings } from '../src/worker/endings.js';
import { wakeAfter } from '../src/worker/wakes.js';

const job = (id: string, state: Job['state']): Job => ({ id, state, kind: 'download', title: id, rev: 1 });

test('an ending is told once', () => {
  const endings = new Endings([]);
  expect(endings.look([job('1', 'running'), job('2', 'succeeded')])).toEqual({ ended: [], kept: ['1'] });
  expect(endings.look([job('1', 'running')]).kept).toBeUndefined();
  expect(endings.look([job('1', 'failed')]).ended.map(({ id }) => id)).toEqual(['1']);
  expect(endings.look([job('1', 'failed')]).ended).toEqual([]);
});

test('an ending between two looks is told when the beginning was seen', () => {
  const endings = new Endings([]);
  endings.saw('1');
  expect(endings.look([job('1', 'failed')]).ended.map(({ id }) => id)).toEqual(['1']);
  endings.saw('2');
  expect(endings.look([job('2', 'running')]).kept).toEqual(['2']);
  endings.saw('2');
  expect(endings.look([job('2', 'running')]).kept).toBeUndefined();
});

test('an ending is told that came while the worker slept', () => {
  expect(new Endings(['1', '2']).look([job('1', 'succeeded'), job('2', 'running')]).ended.map(({ id }) => id)).toEqual(['1']);
});

test('the badge counts what runs, while that is known', () => {
  expect(badgeLook('connected', 3).text).toBe('3');
  expect(badgeLook('connected', 0).text).toBe('');
  expect(badgeLook('polling', 120).text).toBe('99+');
  expect(badgeLook('offline', 3).text).toBe('');
  expect(badgeLook('unauthorized', 0).text).toBe('!');
});

test('the worker wakes less and less often for a hub that is away', () => {
  expect([0, 1, 2, 3, 4, 20].map(wakeAfter)).toEqual([0.5, 1, 2, 4, 5, 5]);
});

test('what is not over comes first, then the newest', () => {
  const jobs = ['1', '2', '10', '3', '4', '5', '6'].map((id) => job(id, id === '2' ? 'running' : 'succeeded'));
  expect(firstJobs(jobs).map(({ id }) => id)).toEqual(['2', '10', '6', '5', '4', '3']);
});

test('numbers are written in the language of the browser', () => {
  expect(new Format('en').bytes(1536)).toBe('1.5\u00a0KiB');
  expect(new Format('de').speed(1536)).toBe('1,5\u00a0KiB/s');
  expect(new Format('en').duration(3700)).toBe('1\u00a0h\u00a001\u00a0min');
});
