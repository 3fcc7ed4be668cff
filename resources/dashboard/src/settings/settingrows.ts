import { speedIn } from '../text/format.js';
import { wordFor } from '../text/jobtext.js';
import { text } from '../text/words.js';

export type SettingValue = string | number | boolean;

/** How a setting is written: by what it holds. */
export type Control = 'switch' | 'number' | 'speed' | 'choice' | 'text' | 'long' | 'path';

interface Known {
  control: Control;
  least?: number;
  most?: number;
  choices?: readonly string[];
}

/** What the hub tells by its value alone is not here; the rules are those of core/store/settings. */
const known: Record<string, Known> = {
  'download.categories': { control: 'long' },
  'download.connections': { control: 'number', least: 1, most: 32 },
  'download.folder': { control: 'path' },
  'download.ifExists': { control: 'choice', choices: ['rename', 'overwrite', 'skip', 'ask'] },
  'download.netrc': { control: 'path' },
  'flash.imagesFolder': { control: 'path' },
  'jwt.publicKeyFile': { control: 'path' },
  'jwt.secretFile': { control: 'path' },
  'limit.download': { control: 'speed' },
  'queue.downloads': { control: 'number', least: 1, most: 100 },
};

export interface SettingRow extends Known {
  key: string;
  value: SettingValue;
  name: string;
  hint: string;
}

export interface SettingGroup {
  name: string;
  rows: SettingRow[];
}

/** Settings by the first part of their key, in the order of the page's own table, then what it does not know. */
export function groupsOf(settings: Record<string, SettingValue>): SettingGroup[] {
  const keys = Object.keys(settings);
  const parts = [...new Set([...Object.keys(text.settings.groups), ...keys.map(partOf)])];
  return parts
    .map((part) => ({ name: wordFor(text.settings.groups, part) ?? part, rows: keys.filter((key) => partOf(key) === part).map((key) => rowOf(key, settings[key] ?? '')) }))
    .filter(({ rows }) => rows.length > 0);
}

function partOf(key: string): string {
  return key.slice(0, key.indexOf('.'));
}

function rowOf(key: string, value: SettingValue): SettingRow {
  const name = wordFor(text.settings.names, key) ?? key;
  return { key, value, name, hint: wordFor(text.settings.hints, key) ?? '', ...(known[key] ?? { control: usualControl(value) }) };
}

function usualControl(value: SettingValue): Control {
  if (typeof value === 'boolean') return 'switch';
  return typeof value === 'number' ? 'number' : 'text';
}

/** What was written, as the hub takes it; undefined when it cannot be taken. */
export function valueOf(row: SettingRow, written: string): SettingValue | undefined {
  if (row.control === 'speed') return speedIn(written);
  if (row.control !== 'number') return written.trim();
  const count = Number(written);
  const fits = written.trim() !== '' && Number.isInteger(count) && count >= (row.least ?? 0) && count <= (row.most ?? Infinity);
  return fits ? count : undefined;
}
