import { svelte } from '@sveltejs/vite-plugin-svelte';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { packExtensions } from './build/pack.js';
import { version } from './package.json';

const dist = fileURLToPath(new URL('dist', import.meta.url));

// File names carry no digest: a zip has the same names in every version, and nothing is inlined.
export default defineConfig({
  plugins: [svelte(), packExtensions(dist, version)],
  resolve: { conditions: ['source', 'browser', 'module'] },
  ssr: { resolve: { conditions: ['source', 'browser', 'module', 'node'] }, noExternal: ['dray-client'] },
  build: {
    outDir: path.join(dist, 'files'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { popup: 'popup.html', options: 'options.html', worker: 'src/worker/worker.ts', heldkeys: 'src/catch/heldkeys.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name].js', assetFileNames: 'parts/[name][extname]' },
    },
  },
  test: { include: ['tests/*.test.ts'], testTimeout: 30_000 },
});
