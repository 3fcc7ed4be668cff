import { DrayError } from './drayerror.js';
import { errorCodes, type Cursor, type ErrorBody, type JobPage, type Message } from './protocol.js';
import type { SessionHost } from './session.js';

/** RFC 9457. */
interface Problem {
  type?: string;
  title?: string;
}

/** The hub over plain HTTP, for the sessions that do without a WebSocket. Ends when `abort` is called. */
export class HttpAccess {
  private readonly controller = new AbortController();

  constructor(private readonly host: SessionHost) {}

  get isAborted(): boolean {
    return this.controller.signal.aborted;
  }

  abort(): void {
    this.controller.abort();
  }

  /** GET; rejects when the hub cannot be reached. */
  get(path: string, accept = 'application/json'): Promise<Response> {
    return this.request(path, { headers: { ...this.authorization(), Accept: accept } });
  }

  /** One call of the client, answered through `host.answered`. */
  async send(message: Message): Promise<void> {
    const headers = { ...this.authorization(), 'Content-Type': 'application/json' };
    const response = await this.request('/api/v1/rpc', { method: 'POST', headers, body: JSON.stringify(message) });
    const answer = (await response.json()) as Message & Problem;
    if (this.isAborted) return;
    const { result, error = response.ok ? undefined : errorFrom(answer) } = answer;
    this.host.answered({ id: message.id ?? null, result, ...(error && { error }) });
  }

  /** What follows a snapshot's first page. */
  async pages(next: string | undefined): Promise<void> {
    for (let before = next; before !== undefined; ) {
      const page = await this.jobs(`?before=${encodeURIComponent(before)}`);
      if (this.isAborted) return;
      this.host.snapshotPage(page);
      before = page.next;
    }
    this.host.snapshotEnded();
  }

  private async jobs(query: string): Promise<JobPage> {
    const response = await this.get(`/api/v1/jobs${query}`);
    if (!response.ok) throw new DrayError('refused', `jobs: HTTP ${response.status}`);
    return (await response.json()) as JobPage;
  }

  private request(path: string, init: RequestInit): Promise<Response> {
    const signal = this.controller.signal;
    return this.host.environment.fetch(this.host.url + path, { ...init, signal, cache: 'no-store' });
  }

  private authorization(): Record<string, string> {
    return this.host.token === undefined ? {} : { Authorization: `Bearer ${this.host.token}` };
  }
}

/** The query of an events request: from where on, and what about; with a snapshot where there is no place or it was lost. */
export function eventsQuery(cursor: Cursor | undefined, topics: readonly string[]): URLSearchParams {
  const query = new URLSearchParams({ topics: topics.join(','), snapshot: 'true' });
  if (cursor) query.set('since', `${cursor.epoch}:${cursor.seq}`);
  return query;
}

function errorFrom({ type = '', title = '' }: Problem): ErrorBody {
  return { code: errorCodes.internal, message: title, data: { type } };
}
