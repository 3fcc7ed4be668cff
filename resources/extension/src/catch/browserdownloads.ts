import type { BrowserDownloads, Restart } from './catcher.js';
import type { Place, Standing } from './handover.js';

type Item = chrome.downloads.DownloadItem;

/** The interface is gone as soon as the permission is: then calling it throws at once. */
async function settled(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

async function itemsWith(query: chrome.downloads.DownloadQuery): Promise<Item[]> {
  try {
    return await chrome.downloads.search(query);
  } catch {
    return [];
  }
}

/** The downloads of this browser. Needs the permission `downloads`; without it there are none. */
export const browserDownloads: BrowserDownloads = {
  // To Firefox a pause is a cancel: what its server does not serve in ranges is thrown away.
  get canPause(): boolean {
    return !chrome.runtime.getURL('').startsWith('moz-extension:');
  },
  async find(id: number): Promise<Standing | undefined> {
    const [item] = await itemsWith({ id });
    return item && standingOf(item);
  },
  pause: (id) => settled(() => chrome.downloads.pause(id)),
  resume: (id) => settled(() => chrome.downloads.resume(id)),
  startAgain: (id) => startAgain(id),
  findAgain: (url, startTime) => findAgain(url, startTime),
  async drop(id: number): Promise<void> {
    await settled(() => chrome.downloads.cancel(id));
    const [item] = await itemsWith({ id });
    if (item?.state === 'complete') await settled(() => chrome.downloads.removeFile(id));
    await settled(() => chrome.downloads.erase({ id }));
  },
};

/** Firefox calls a paused one interrupted, too. */
export function standingOf({ state, paused, startTime }: Item): Standing {
  return { state: state === 'interrupted' && paused ? 'in_progress' : state, startTime, isPaused: paused };
}

/** A worker killed after it began finds what it began. */
async function startAgain(id: number): Promise<Restart> {
  const [item] = await itemsWith({ id });
  if (!item) return { url: '', isBegun: false };
  const url = item.finalUrl || item.url;
  const isOurs = (other: Item) => other.byExtensionId === chrome.runtime.id && other.startTime > item.startTime && other.state !== 'interrupted';
  if ((await itemsWith({ url })).some(isOurs)) return { url, isBegun: true };
  return { url, isBegun: await settled(() => chrome.downloads.download({ url })) };
}

async function findAgain(url: string, startTime: string): Promise<Place | undefined> {
  if (browserDownloads.canPause) return undefined;
  const isLater = (item: Item) => item.startTime > startTime && standingOf(item).state !== 'interrupted';
  const found = (await itemsWith({ url })).find(isLater);
  return found && { download: found.id, startTime: found.startTime };
}

const nameWaitMs = 500;
const nameLookMs = 50;

/** The name the browser gives to the file, when it has one soon; the server's name is Dray's to find. */
export async function nameOf(id: number): Promise<string> {
  for (let waited = 0; waited < nameWaitMs; waited += nameLookMs) {
    const [item] = await itemsWith({ id });
    if (!item || item.filename) return baseName(item?.filename ?? '');
    await new Promise((resolve) => setTimeout(resolve, nameLookMs));
  }
  return '';
}

export function baseName(path: string): string {
  return path.replace(/^.*[/\\]/, '');
}
