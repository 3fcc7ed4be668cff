import { expect, test } from 'vitest';
import { putFakeChrome } from './fakechrome.js';

const { local } = putFakeChrome();
const { OptionsView } = await import('../src/options/optionsview.svelte.js');

test('a token is kept for the hub that gave it, also where another was set meanwhile', async () => {
  const view = new OptionsView();
  await view.start();
  await view.change({ hubUrl: 'http://127.0.0.1:2' });
  await view.paired({ hubUrl: 'http://127.0.0.1:1', token: 'secret' });
  expect(local.items['pass']).toEqual({ hubUrl: 'http://127.0.0.1:1', token: 'secret' });
  expect(view.isPaired).toBe(false);
});
