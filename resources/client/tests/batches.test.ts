import { expect, it } from 'vitest';
import { batchesOf } from '../src/batches.js';

const message = (id: number, text = '') => ({ jsonrpc: '2.0' as const, id, method: 'job.pause', params: { text } });
const ids = (count: number) => Array.from({ length: count }, (_, id) => id);

it.each([
  ['nothing needs no batch', 0, '', []],
  ['what fits goes together', 100, '', [100]],
  ['a hundred calls are the most', 220, '', [100, 100, 20]],
  ['long calls are fewer', 5, 'x'.repeat(8000), [2, 2, 1]],
  ['a call longer than a batch goes alone', 2, 'x'.repeat(30_000), [1, 1]],
])('%s', (_, count, text, sizes) => {
  const batches = batchesOf(ids(count).map((id) => message(id, text)));
  expect(batches.map((batch) => batch.length)).toEqual(sizes);
  expect(batches.flat().map(({ id }) => id)).toEqual(ids(count));
});
