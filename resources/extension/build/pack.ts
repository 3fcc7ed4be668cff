import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { manifestFor, type Browser } from './manifest.js';
import { zip } from './zip.js';

const browsers: readonly Browser[] = ['chromium', 'firefox'];

/**
 * One build becomes both extensions:
 *
 *   dist/files ─┬► dist/chromium  + manifest.json ─► dist/dray-chromium.zip
 *               └► dist/firefox   + manifest.json ─► dist/dray-firefox.zip
 */
export function packExtensions(dist: string, version: string): Plugin {
  return {
    name: 'pack-extensions',
    apply: 'build', // not when tests end
    closeBundle: () => browsers.forEach((browser) => pack(dist, browser, version)),
  };
}

function pack(dist: string, browser: Browser, version: string): void {
  const folder = path.join(dist, browser);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(dist, 'files'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'manifest.json'), `${JSON.stringify(manifestFor(browser, version), null, 2)}\n`);
  const entries = filesIn(folder).map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
  writeFileSync(path.join(dist, `dray-${browser}.zip`), zip(entries));
}

/** Relative names of all files below `folder`. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.filter((name) => statSync(path.join(folder, name)).isFile()).map((name) => name.split(path.sep).join('/'));
}
