import { DrayClient } from './client.js';
import type { ClientOptions } from './options.js';

const key = Symbol.for('dray.client');
const place = globalThis as { [key]?: DrayClient };

/** The one client of this page, made with `options` by the first who asks. */
export function getDrayClient(options?: ClientOptions): DrayClient {
  place[key] ??= new DrayClient(options);
  return place[key];
}
