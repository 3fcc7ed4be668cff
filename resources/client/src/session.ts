import type { DrayError } from './drayerror.js';
import type { Environment } from './environment.js';
import type { Cursor, HelloResult, HubEvent, JobPage, Message, Progress, TopicAck } from './protocol.js';

/** Why a session ended, and so what to do next. */
export type SessionEnd =
  | { kind: 'lost'; retryAfterMs?: number | undefined }
  /** An event was missed: resume from the cursor at once. */
  | { kind: 'gap' }
  | { kind: 'unauthorized' }
  /** The hub does not want this client back (45xx, `reconnect: false`). */
  | { kind: 'refused'; code: number };

/** What a session tells its client, and asks of it. Calls come synchronously, in the order of the wire. */
export interface SessionHost {
  readonly environment: Environment;
  /** Base address of the hub without a slash at the end. */
  readonly url: string;
  readonly token: string | undefined;
  readonly clientName: { name: string; version: string; kind: string };
  /** Frames a second; undefined: as many as the hub sends. */
  readonly progressRate: number | undefined;
  /** Topics somebody listens to; `jobs` is always one. */
  topics(): string[];
  /** Those of them that the hub is known to have. */
  knownTopics(): string[];
  /** Up to where everything was received; undefined when a snapshot is needed. */
  cursor(): Cursor | undefined;

  opened(): void;
  greeted(hello: HelloResult): void;
  /** Everything missed has come; from here on it is live. */
  caughtUp(cursor: Cursor | undefined): void;
  snapshotBegan(): void;
  snapshotPage(page: JobPage): void;
  snapshotEnded(): void;
  topicAcked(ack: TopicAck): void;
  topicFailed(topic: string, error: DrayError): void;
  event(event: HubEvent, cursor: Cursor): void;
  progress(progress: Progress): void;
  /** Any message, before it is dealt with. */
  heard(message: Message): void;
  /** The answer to a call the client sent. */
  answered(message: Message): void;
  /** Nothing comes after it. */
  ended(end: SessionEnd): void;
}

/** One connection to the hub, from opening to its end. Not used again. */
export interface Session {
  readonly kind: 'socket' | 'http';
  start(): void;
  send(message: Message): void;
  /** As few messages as possible. */
  sendAll(messages: readonly Message[]): void;
  subscribe(topic: string): void;
  /** False: the hub does not have to be told. */
  unsubscribe(topic: string): boolean;
  /** Ends it from this side; `host.ended` is not called. */
  close(): void;
}
