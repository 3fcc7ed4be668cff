import type { Job } from 'dray-client';
import { word } from '../shared/words.js';
import { listen, type Stop } from './listen.js';

const prefix = 'dray-job-';

/** Of an ending that the user did not bring about. */
export async function tellEnding(job: Job): Promise<void> {
  if (!chrome.notifications || job.state === 'canceled') return;
  const message = job.state === 'succeeded' ? word('noticeSucceeded') : word('noticeFailed');
  const look = { type: 'basic', iconUrl: '/icons/128.png', title: job.title || word('untitled'), message } as const;
  await chrome.notifications.create(prefix + job.id, look);
}

/** Calls `run` for a click on a notice of ours. */
export function listenToNotices(run: () => void): Stop {
  return listen(chrome.notifications.onClicked, (id) => {
    if (!id.startsWith(prefix)) return;
    void chrome.notifications.clear(id);
    run();
  });
}
