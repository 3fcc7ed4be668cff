import { DrayError } from 'dray-client';
import { expect, it } from 'vitest';
import { IdemKeys } from '../src/idemkeys.js';

const order = { kind: 'download', url: 'https://example.org/a.iso' };
const keyOf = (keys: IdemKeys, of = order) => keys.keyed(of)['idem'];

it.each([
  ['the hub took it', undefined, false],
  ['the hub refused it', new DrayError('refused', 'no space'), false],
  ['nobody answered', new DrayError('timeout', 'no answer'), true],
  ['the connection was lost', new DrayError('offline', 'lost'), true],
])('an order asked for again when %s', (_, error, isSame) => {
  const keys = new IdemKeys();
  const first = keyOf(keys);
  keys.ended(order, error);
  expect(keyOf(keys) === first).toBe(isSame);
});

it('other orders have other keys', () => {
  const keys = new IdemKeys();
  expect(keyOf(keys)).not.toBe(keyOf(keys, { ...order, url: 'https://example.org/b.iso' }));
  expect(keyOf(keys)).toMatch(/^[0-9a-f]{32}$/);
});
