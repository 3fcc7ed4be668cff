import type { RequestFacts } from '../shared/spec.js';

interface HeaderLine {
  name: string;
  value?: string | undefined;
}

export interface SentRequest {
  requestId: string;
  url: string;
  method: string;
  timeStamp: number;
  headers: readonly HeaderLine[];
}

export interface KnownRequest extends SentRequest {
  /** When the first hop was sent; milliseconds since 1970. */
  beganAt: number;
}

const mostRequests = 200;
const keptMs = 60_000;

/** The last requests of the browser as they were sent; a redirect's last hop stands for its request. */
export class RequestLog {
  private readonly requests = new Map<string, KnownRequest>();

  add(request: SentRequest): void {
    const beganAt = this.requests.get(request.requestId)?.beganAt ?? request.timeStamp;
    this.requests.delete(request.requestId);
    this.requests.set(request.requestId, { ...request, beganAt });
    for (const [id, { timeStamp }] of this.requests) {
      if (this.requests.size <= mostRequests && request.timeStamp - timeStamp <= keptMs) break;
      this.requests.delete(id);
    }
  }

  /** The newest request that went to `url`; the part behind # is not sent. */
  find(url: string): KnownRequest | undefined {
    const bare = url.replace(/#.*$/, '');
    return [...this.requests.values()].reverse().find((request) => request.url.replace(/#.*$/, '') === bare);
  }
}

export function factsOf(request: SentRequest): RequestFacts {
  const value = (name: string) => request.headers.find((line) => line.name.toLowerCase() === name)?.value;
  const language = value('accept-language');
  const authorization = value('authorization');
  const more = { ...(language && { 'Accept-Language': language }), ...(authorization && { Authorization: authorization }) };
  return {
    referer: value('referer'),
    userAgent: value('user-agent'),
    cookies: value('cookie'),
    headers: Object.keys(more).length > 0 ? more : undefined,
  };
}
