import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Nothing is inlined: the page runs under `script-src 'self'; style-src 'self'; img-src 'self'`.
export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['source', 'browser', 'module'] },
  ssr: { resolve: { conditions: ['source', 'browser', 'module', 'node'] }, noExternal: ['dray-client'] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // One file at a time: two browsers at once would measure each other.
  test: { include: ['tests/*.test.ts'], globalSetup: 'tests/builtpage.ts', fileParallelism: false, testTimeout: 120_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } },
});
