import { beforeEach, expect, test, vi } from 'vitest';
import { giveBack, strandedFeatures } from '../src/shared/permissions.js';
import { putFakeChrome } from './fakechrome.js';

let held: string[];
const contains = vi.fn(({ permissions }: { permissions: string[] }) => Promise.resolve(permissions.every((name) => held.includes(name))));
const remove = vi.fn<(permissions: object) => Promise<boolean>>();
putFakeChrome({ permissions: { contains, remove } });

beforeEach(() => {
  held = ['downloads', 'cookies', 'webRequest'];
  remove.mockReset().mockResolvedValue(true);
});

test('a feature that lost what it needs is stranded, one that is off is not', async () => {
  expect(await strandedFeatures({ catches: true, findsMedia: true, notifies: false })).toEqual([]);
  held = ['cookies', 'webRequest'];
  expect(await strandedFeatures({ catches: true, findsMedia: true, notifies: false })).toEqual(['catches']);
  expect(await strandedFeatures({ catches: false, findsMedia: true, notifies: true })).toEqual(['notifies']);
});

test('what another feature needs is kept', async () => {
  await giveBack({ catches: false, findsMedia: true, notifies: false });
  expect(remove).toHaveBeenCalledWith({ permissions: ['downloads', 'notifications'], origins: [] });
  await giveBack({ catches: false, findsMedia: false, notifies: true });
  expect(remove).toHaveBeenLastCalledWith({ permissions: ['downloads', 'cookies', 'webRequest'], origins: ['*://*/*'] });
});
