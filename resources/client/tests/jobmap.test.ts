import { beforeEach, describe, expect, it } from 'vitest';
import { JobMap, type JobsChange } from '../src/jobmap.js';
import { mergePatch } from '../src/mergepatch.js';
import { defaultColumns, type HubEvent, type Job, type Params } from '../src/protocol.js';

let jobs: JobMap;
let changes: JobsChange[];

beforeEach(() => {
  jobs = new JobMap();
  changes = [];
  jobs.subscribe((change) => changes.push(change));
});

function job(id: string, rev: number, more: Partial<Job> = {}): Job {
  return { id, kind: 'download', title: `t${id}`, state: 'running', done: 0, rev, ...more };
}

function snapshot(...list: Job[]): void {
  jobs.beginSnapshot();
  jobs.addPage(list);
  jobs.endSnapshot();
}

function patch(id: string, rev: number, members: Params): void {
  jobs.applyEvent({ seq: 1, prev: 0, time: 0, topic: `job:${id}`, type: 'job.changed', rev, patch: members });
}

function removed(id: string): HubEvent {
  return { seq: 1, prev: 0, time: 0, topic: `job:${id}`, type: 'job.removed', id };
}

describe('a patch', () => {
  it('older than the object is ignored', () => {
    snapshot(job('1', 5, { message: 'newer' }));
    patch('1', 4, { message: 'older' });
    expect(jobs.get('1')?.message).toBe('newer');
  });

  it('older than the numbers known brings all but the numbers', () => {
    snapshot(job('1', 5));
    jobs.applyProgress(defaultColumns, [['1', 9, 900]]);
    patch('1', 7, { message: 'm', done: 700, bytesPerSecond: 7 });
    expect(jobs.get('1')).toEqual(job('1', 9, { message: 'm', done: 900 }));
  });

  it('for a job not yet received is ignored', () => {
    patch('1', 4, { message: 'm' });
    expect(jobs.size).toBe(0);
    expect(changes).toEqual([]);
  });

  it('removes what is null', () => {
    snapshot(job('1', 1, { error: { code: 'timeout', message: 'm' }, total: 5 }));
    patch('1', 2, { error: null, total: null });
    expect(jobs.get('1')).toEqual(job('1', 2));
  });

  it('makes a fresh object, so that identity tells', () => {
    snapshot(job('1', 1));
    const before = jobs.get('1');
    patch('1', 2, { message: 'm' });
    expect(jobs.get('1')).not.toBe(before);
    expect(before?.message).toBeUndefined();
  });
});

describe('progress', () => {
  it('is read by the columns announced, null meaning unknown', () => {
    snapshot(job('1', 1, { total: 9 }));
    jobs.applyProgress(['id', 'rev', 'total', 'done'], [['1', 2, null, 3]]);
    expect(jobs.get('1')).toEqual(job('1', 2, { done: 3 }));
  });

  it('merges details into the job', () => {
    snapshot(job('1', 1));
    jobs.applyProgress(['id', 'rev', 'details'], [['1', 2, { steps: [{ title: 's', state: 'running', progress: 0.5 }] }]]);
    expect(jobs.get('1')?.steps?.[0]?.progress).toBe(0.5);
  });

  it('older than known is ignored, and so is that of an unknown job', () => {
    snapshot(job('1', 5));
    jobs.applyProgress(defaultColumns, [['1', 4, 40], ['2', 9, 90]]);
    expect([...jobs]).toEqual([job('1', 5)]);
  });

  it('is told in one change for the whole frame', () => {
    snapshot(job('1', 1), job('2', 1));
    changes.length = 0;
    jobs.applyProgress(defaultColumns, [['1', 2, 1], ['2', 2, 1]]);
    expect(changes).toEqual([{ added: [], changed: ['1', '2'], removed: [] }]);
  });
});

describe('a snapshot', () => {
  it('drops at its end what came in none of its pages', () => {
    snapshot(job('1', 1), job('2', 1));
    jobs.beginSnapshot();
    jobs.addPage([job('2', 1)]);
    expect(jobs.size).toBe(2);
    jobs.endSnapshot();
    expect([...jobs].map(({ id }) => id)).toEqual(['2']);
  });

  it('replaces what another epoch called newer', () => {
    snapshot(job('1', 50));
    snapshot(job('1', 3, { message: 'm' }));
    expect(jobs.get('1')).toEqual(job('1', 3, { message: 'm' }));
  });

  it('does not overwrite what an event of it made newer', () => {
    jobs.beginSnapshot();
    jobs.applyEvent({ seq: 1, prev: 0, time: 0, topic: 'job:1', type: 'job.added', object: { ...job('1', 7) } });
    jobs.addPage([job('1', 6, { message: 'older' })]);
    expect(jobs.get('1')).toEqual(job('1', 7));
  });

  it('does not patch a job of the one before, whose page is still to come', () => {
    snapshot(job('1', 5));
    jobs.beginSnapshot();
    patch('1', 60, { message: 'm' });
    jobs.addPage([job('1', 6)]);
    expect(jobs.get('1')).toEqual(job('1', 6));
  });

  it('does not bring back what was removed while its page was on its way', () => {
    jobs.beginSnapshot();
    jobs.applyEvent(removed('1'));
    jobs.addPage([job('1', 6)]);
    expect(jobs.size).toBe(0);
  });
});

describe('merge patch', () => {
  // RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, members, result) => {
    expect(mergePatch(target, members)).toEqual(result);
  });

  it('cannot reach a prototype', () => {
    mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(({} as Params)['polluted']).toBeUndefined();
  });
});
