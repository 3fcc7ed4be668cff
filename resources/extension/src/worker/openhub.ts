import { readSettings } from '../shared/settings.js';

/** Shows the hub's own page. */
export async function openHub(): Promise<void> {
  const { hubUrl } = await readSettings();
  await chrome.tabs.create({ url: `${hubUrl}/` });
}
