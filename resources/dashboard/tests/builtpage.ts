import type { TestProject } from 'vitest/node';
import { buildPage } from './browser.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the page is, built once for all tests. */
    pageFolder: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { folder, remove } = await buildPage();
  project.provide('pageFolder', folder);
  return remove;
}
