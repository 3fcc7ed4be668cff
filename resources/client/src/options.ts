import type { Environment, SocketConstructor } from './environment.js';
import type { Job, Message } from './protocol.js';

/** `polling` is connected too, by server-sent events or long polls where WebSockets are blocked. */
export type ClientStatus = 'connecting' | 'connected' | 'catchingUp' | 'polling' | 'offline' | 'unauthorized';

export interface ClientOptions {
  /** Address of the hub, `http://127.0.0.1:8765`. In a page: where the page came from. */
  url?: string;
  token?: string;
  /** Shown by the hub: who is connected. */
  name?: string;
  kind?: string;
  /** Default true. */
  autoConnect?: boolean;
  /** Frames of progress a second, 0.2 to 10; default 10. Events come at once. Counts where there is a WebSocket. */
  progressRate?: number;
  /** First pause before trying again, in milliseconds; default 1000. */
  reconnectDelay?: number;
  /** Default: never gives up. */
  maxReconnectAttempts?: number;
  /** How long a call may take, milliseconds; default 60000. */
  callTimeout?: number;
  /** Calls kept while offline; default 100. */
  queueLimit?: number;
  /** A desktop notification when a job ends. The page must have got the user's permission before. */
  enableNotifications?: boolean;
  /** Its text; default the job's state. */
  notificationText?: (job: Job) => string;
  onMessage?: (message: Message) => void;
  onStatusChange?: (status: ClientStatus) => void;
  /** For Node before version 22, which has no WebSocket. */
  WebSocket?: SocketConstructor;
  /** For tests. */
  environment?: Environment;
}

/** Where the page came from, without a slash at the end. */
export function ownUrl(): string {
  return typeof location === 'undefined' ? 'http://127.0.0.1:8765' : location.origin;
}
