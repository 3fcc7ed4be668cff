import { vi } from 'vitest';
import { FakeStorage } from './storage.js';

export interface FakeArea extends FakeStorage {
  onChanged: { addListener(): void };
}

function area(): FakeArea {
  return Object.assign(new FakeStorage(), { onChanged: { addListener: () => undefined } });
}

/** What modules find as `chrome` once this was called; import them after it. */
export function putFakeChrome(more: object = {}): { local: FakeArea; session: FakeArea } {
  const storage = { local: area(), session: area() };
  vi.stubGlobal('navigator', { userAgent: 'Browser' });
  vi.stubGlobal('chrome', { storage, i18n: { getMessage: (name: string) => name, getUILanguage: () => 'en' }, ...more });
  return storage;
}
