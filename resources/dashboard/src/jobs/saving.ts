import type { Job } from 'dray-client';
import type { Hub } from '../hub.svelte.js';

/** Hands the finished file to the browser's own downloads. */
export async function saveFile(hub: Hub, job: Job): Promise<void> {
  const link = await hub.fileLink(job);
  if (link === undefined) return;
  const anchor = document.createElement('a');
  anchor.href = link;
  anchor.download = '';
  anchor.click();
}
