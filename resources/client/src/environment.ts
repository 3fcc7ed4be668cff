/** What the client needs of the place it runs in: a page, an extension worker, Node, or a test. */

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

export type TimerId = unknown;

export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
  setTimer(run: () => void, delayMs: number): TimerId;
  clearTimer(timer: TimerId): void;
  /** Throws when this place has no WebSocket. */
  openSocket(url: string, protocols: string[]): SocketLike;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Calls `run` whenever the network came back or the page became visible, until the result is called. */
  onWake(run: () => void): () => void;
  /** Shows a desktop notification, when the user allowed it. */
  notify(title: string, body: string, tag: string): void;
}

/** The real thing. `socket` replaces the global WebSocket, for Node before version 22. */
export function realEnvironment(socket?: SocketConstructor): Environment {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (run, delayMs) => setTimeout(run, delayMs),
    clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    openSocket: (url, protocols) => {
      const constructor = socket ?? (globalThis.WebSocket as unknown as SocketConstructor | undefined);
      if (!constructor) throw new Error('no WebSocket here');
      return new constructor(url, protocols);
    },
    fetch: (url, init) => fetch(url, init),
    onWake: listenForWake,
    notify: showNotification,
  };
}

function listenForWake(run: () => void): () => void {
  const page = typeof document === 'undefined' ? undefined : document;
  const whenVisible = () => {
    if (page?.visibilityState === 'visible') run();
  };
  globalThis.addEventListener?.('online', run);
  page?.addEventListener('visibilitychange', whenVisible);
  return () => {
    globalThis.removeEventListener?.('online', run);
    page?.removeEventListener('visibilitychange', whenVisible);
  };
}

function showNotification(title: string, body: string, tag: string): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  new Notification(title, { body, tag });
}
