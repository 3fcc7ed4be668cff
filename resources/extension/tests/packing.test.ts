import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { manifestFor } from '../build/manifest.js';
import { zip } from '../build/zip.js';

const messages = (language: string) =>
  JSON.parse(readFileSync(new URL(`../public/_locales/${language}/messages.json`, import.meta.url), 'utf8')) as Record<string, { message: string }>;

test.each(['chromium', 'firefox'] as const)('the extension for %s asks for little, and for more only with a feature', (browser) => {
  expect(manifestFor(browser, '1.0.0')).toMatchObject({
    manifest_version: 3,
    permissions: ['activeTab', 'alarms', 'contextMenus', 'scripting', 'storage'],
    optional_permissions: ['cookies', 'downloads', 'notifications', 'webRequest'],
    host_permissions: ['http://127.0.0.1/*'],
    optional_host_permissions: ['*://*/*'],
  });
});

test.each(['chromium', 'firefox'] as const)('pages of the extension for %s run its own scripts only', (browser) => {
  const { content_security_policy: policy } = manifestFor(browser, '1.0.0') as { content_security_policy: { extension_pages: string } };
  expect(policy.extension_pages).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy.extension_pages).not.toContain('unsafe');
});

test('each browser gets the background it knows', () => {
  expect(manifestFor('chromium', '1.0.0')['background']).toEqual({ service_worker: 'worker.js', type: 'module' });
  expect(manifestFor('firefox', '1.0.0')['background']).toEqual({ scripts: ['worker.js'], type: 'module' });
});

test('a zip is the same for the same files, whatever their order, and others can read it', () => {
  const entries = [{ name: 'b/ü.txt', bytes: Buffer.from('two') }, { name: 'a.txt', bytes: Buffer.alloc(5000, 'x') }];
  const archive = zip(entries);
  expect(archive.equals(zip([...entries].reverse()))).toBe(true);
  const folder = mkdtempSync(path.join(tmpdir(), 'dray-zip-'));
  writeFileSync(path.join(folder, 'a.zip'), archive);
  const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(*z.namelist())';
  expect(execFileSync('python3', ['-c', script, path.join(folder, 'a.zip')], { encoding: 'utf8' }).trim()).toBe('a.txt b/ü.txt');
  rmSync(folder, { recursive: true });
});

test('German says all that English says, with the same gaps', () => {
  const gaps = (texts: Record<string, { message: string }>) =>
    Object.fromEntries(Object.entries(texts).map(([name, { message }]) => [name, (message.match(/\$\d/g) ?? []).sort()]));
  expect(gaps(messages('de'))).toEqual(gaps(messages('en')));
});
