import { Shelf } from './shelf.js';

export type BypassKey = 'alt' | 'ctrl' | 'shift' | 'none';

export interface CatchRules {
  /** Smaller ones stay with the browser; where the size is not known, this does not count. */
  leastBytes: number;
  /** Endings such as `pdf`, or MIME types such as `image/`. */
  types: string[];
  typesAre: 'left' | 'taken';
  /** Hosts; what is below them too. */
  leftSites: string[];
}

export interface Settings {
  hubUrl: string;
  catches: boolean;
  rules: CatchRules;
  bypassKey: BypassKey;
  findsMedia: boolean;
  notifies: boolean;
}

export const defaultSettings: Settings = {
  hubUrl: 'http://127.0.0.1:8765',
  catches: false,
  rules: { leastBytes: 1024 * 1024, types: [], typesAre: 'left', leftSites: [] },
  bypassKey: 'alt',
  findsMedia: false,
  notifies: false,
};

/** Lets the extension in at the hub of that address, and at no other. */
export interface Pass {
  hubUrl: string;
  token: string;
}

export const settingsShelf = new Shelf<Partial<Settings>>(chrome.storage.local, 'settings', {});
const passShelf = new Shelf<Pass | null>(chrome.storage.local, 'pass', null);

export async function readSettings(): Promise<Settings> {
  return { ...defaultSettings, ...(await settingsShelf.read()) };
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  await settingsShelf.change((settings) => ({ ...settings, ...change }));
}

/** The token for the hub that the settings name; undefined before pairing. */
export async function readToken(): Promise<string | undefined> {
  const [{ hubUrl }, pass] = await Promise.all([readSettings(), passShelf.read()]);
  return pass?.hubUrl === hubUrl ? pass.token : undefined;
}

export async function keepPass(pass: Pass | null): Promise<void> {
  await passShelf.change(() => pass);
}

/** Calls `run` when the settings or the pass have changed. */
export function watchSettings(run: () => void): void {
  chrome.storage.local.onChanged.addListener((changes) => {
    if (settingsShelf.key in changes || passShelf.key in changes) run();
  });
}
