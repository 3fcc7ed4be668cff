import { DrayError, type DrayClient } from 'dray-client';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Order } from '../src/shared/spec.js';
import { isFinalNo } from '../src/worker/finalno.js';
import { HubLink } from '../src/worker/hublink.js';

const calls: [string, unknown][] = [];

/** A client that is connected, and whose hub says yes to everything. */
vi.mock('dray-client', async (original) => ({
  ...(await original<object>()),
  DrayClient: class implements Partial<DrayClient> {
    readonly isConnected = true;
    readonly status = { value: 'connected', subscribe: () => () => undefined } as unknown as DrayClient['status'];
    readonly jobs = { subscribe: () => () => undefined } as unknown as DrayClient['jobs'];
    connect(): void {}
    disconnect(): void {}
    call<T>(method: string, params: unknown): Promise<T> {
      calls.push([method, params]);
      return Promise.resolve({ job: { id: '1', state: 'queued' } } as T);
    }
  },
}));

const no = (code: number, type: string) => new DrayError('refused', 'no', code, type);

test.each([
  ['a file that is there already', no(-32603, 'fileExists'), true],
  ['a full drive', no(-32603, 'noSpace'), true],
  ['a folder that cannot be written', no(-32603, 'fileAccess'), true],
  ['an address that is none', no(-32602, 'invalidUrl'), true],
  ['a missing right', no(-32002, 'forbidden'), true],
  ['a fault of Dray', no(-32603, 'internal'), false],
  ['a database that failed', no(-32603, 'storeFailed'), false],
  ['a busy Dray', no(-32009, 'busy'), false],
  ['too many messages', no(-32005, 'rateLimited'), false],
  ['a fault without a name', no(-32603, ''), false],
  ['a method that is not there', no(-32601, ''), true],
  ['no answer', new DrayError('timeout', 'late'), false],
  ['what is no answer at all', new Error('x'), false],
])('%s is for good: %#', (_, error, isFinal) => {
  expect(isFinalNo(error)).toBe(isFinal);
});

describe('the link to a hub', () => {
  const order = (hubUrl: string): Order => ({ hubUrl, kind: 'download', url: 'https://a.test/x', idem: 'once' });
  let link: HubLink;

  beforeEach(() => {
    calls.length = 0;
    link = new HubLink({ statusChanged: () => undefined, jobsChanged: () => undefined, jobSeen: () => undefined });
    link.open('http://127.0.0.1:1', 'token');
  });

  test('takes an order for it, and does not say for whom', async () => {
    expect(await link.add(order('http://127.0.0.1:1'))).toMatchObject({ kind: 'accepted', job: '1' });
    expect(calls).toEqual([['job.add', { kind: 'download', url: 'https://a.test/x', idem: 'once' }]]);
  });

  test('takes no order for another, and removes nothing there', async () => {
    link.open('http://127.0.0.1:2', 'token');
    expect(await link.add(order('http://127.0.0.1:1'))).toEqual({ kind: 'unknown' });
    expect(await link.remove('1', 'http://127.0.0.1:1')).toBe(false);
    expect(calls).toEqual([]);
  });
});
