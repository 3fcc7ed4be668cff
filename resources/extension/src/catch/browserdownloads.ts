import type { BrowserDownloads } from './catcher.js';
import type { Standing } from './handover.js';

const settled = (work: Promise<unknown>): Promise<boolean> => work.then(() => true, () => false);

/** The downloads of this browser. Needs the permission `downloads`. */
export const browserDownloads: BrowserDownloads = {
  async find(id: number): Promise<Standing | undefined> {
    const [item] = await chrome.downloads.search({ id });
    return item && { state: item.state, startTime: item.startTime };
  },
  pause: (id) => settled(chrome.downloads.pause(id)),
  resume: (id) => settled(chrome.downloads.resume(id)),
  async drop(id: number): Promise<void> {
    await settled(chrome.downloads.cancel(id));
    const [item] = await chrome.downloads.search({ id });
    if (item?.state === 'complete') await settled(chrome.downloads.removeFile(id));
    await settled(chrome.downloads.erase({ id }));
  },
};

const nameWaitMs = 500;
const nameLookMs = 50;

/** The name the browser gives to the file, when it has one soon; the server's name is Dray's to find. */
export async function nameOf(id: number): Promise<string> {
  for (let waited = 0; waited < nameWaitMs; waited += nameLookMs) {
    const [item] = await chrome.downloads.search({ id });
    if (!item || item.filename) return baseName(item?.filename ?? '');
    await new Promise((resolve) => setTimeout(resolve, nameLookMs));
  }
  return '';
}

export function baseName(path: string): string {
  return path.replace(/^.*[/\\]/, '');
}
