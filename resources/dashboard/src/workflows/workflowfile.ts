import type { Params } from 'dray-client';
import { linkOf } from '../add/links.js';
import type { FlashWish } from '../drives/drives.svelte.js';
import { text } from '../text/words.js';

/** The most that a message may hold. */
export const mostFileBytes = 60 * 1024;

/**
 * What the text of a workflow file asks for, or the sentence why it is none. A yes to erase drives is
 * left out: nobody gives it by a file that somebody else may have written.
 */
export function readWorkflowFile(written: string): { file: Params } | { problem: string } {
  if (new Blob([written]).size > mostFileBytes) return { problem: text.workflows.fileProblem(text.workflows.fileSize) };
  try {
    const file = JSON.parse(written) as unknown;
    if (!isObject(file) || !Array.isArray(file['steps'])) return { problem: text.workflows.fileProblem(text.workflows.fileShape) };
    return { file: { ...file, steps: file['steps'].map(withoutConsent) } };
  } catch (error) {
    return { problem: text.workflows.fileProblem((error as Error).message) };
  }
}

function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutConsent(step: unknown): unknown {
  if (!isObject(step)) return step;
  const { erase: _, ...rest } = step;
  return rest;
}

/** In a string of a step a dollar sign begins something. */
const escaped = (value: string) => value.replaceAll('$', '$$$$');

/** The ready-made workflow: nothing is written before the file was read and is what it has to be. */
export function fetchCheckWrite({ image, sha256, drives }: FlashWish, consent: 'given' | 'asked later'): Params {
  const url = linkOf(image) ?? '';
  const sum = sha256.trim();
  const name = decodeURIComponentOr(new URL(url).pathname.split('/').at(-1) ?? '');
  return {
    title: name || url,
    steps: [
      { name: 'fetch', kind: 'download', url: escaped(url), ...(sum && { sha256: sum }) },
      { name: 'check', kind: 'verify', file: '${fetch.file}', sha256: sum || '${fetch.sha256}' },
      { name: 'write', kind: 'flash', image: '${fetch.file}', drives: drives.map(escaped), needs: ['check'], sha256: '${check.sha256}',
        ...(consent === 'given' && { erase: drives.map(escaped) }) },
    ],
  };
}

function decodeURIComponentOr(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
