/** The native dialect `dray.v1` as types: what a hub sends and what it is asked (PROTOCOL.md §1). */

export type JobState = 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'canceled';

export interface JobError {
  code: string;
  message: string;
  retryable?: boolean;
}

export interface JobStep {
  title: string;
  state: JobState;
  progress: number;
}

/** One drive of a job; its number of bytes is live only for who listens to `job:<id>`. */
export interface JobDrive {
  id: string;
  state: JobState;
  done?: number;
  error?: JobError;
}

/** Bytes `begin` to `end` of a download, `end` exclusive and -1 while unknown; `done` of them are here. */
export interface JobSegment {
  begin: number;
  end: number;
  done: number;
}

/** A drive of the hub's computer. */
export interface Drive {
  id: string;
  path: string;
  serial: string;
  vendor: string;
  model: string;
  size: number;
  bus: string;
  removable: boolean;
  readOnly: boolean;
  system: boolean;
  /** It may be written; else `reason` says why not. */
  selectable: boolean;
  reason: string;
  risks: string[];
  mounted: string[];
}

/** Times are milliseconds since 1970, sizes bytes. An absent member is unknown or has not happened. */
export interface Job {
  id: string;
  kind: string;
  title: string;
  owner?: string;
  state: JobState;
  stage?: string;
  message?: string;
  done?: number;
  total?: number;
  bytesPerSecond?: number;
  etaSeconds?: number;
  /** Bytes per second; absent: none. */
  speedLimit?: number;
  error?: JobError;
  source?: string;
  /** What the program of an external job calls it. */
  externalId?: string;
  target?: string;
  sha256?: string;
  workflow?: string;
  steps?: JobStep[];
  drives?: JobDrive[];
  /** Only where one job is asked for. */
  segments?: JobSegment[];
  /** Its place among what waits: smaller is sooner. */
  position?: number;
  startAt?: number;
  stopAt?: number;
  attempt?: number;
  createdAt?: number;
  startedAt?: number;
  finishedAt?: number;
  rev: number;
}

/** What a download was asked for, without what lets anybody in; in the answer of job.get. */
export interface AskedSpec {
  mirrors?: string[];
  /** A value that may be a secret is empty. */
  headers?: Record<string, string>;
  connections?: number;
  checksum?: string;
  userAgent?: string;
  referer?: string;
  user?: string;
  proxy?: string;
  ifExists?: string;
  category?: string;
}

/** One step of a workflow: the work of one job, which there is only when all it needs has succeeded. */
export interface WorkflowStep {
  name: string;
  /** One of Dray's own, else work for an agent. */
  kind: string;
  job?: string;
  state: JobState;
  /** 0 to 1. */
  progress: number;
  needs: string[];
  error?: JobError;
}

/** Named steps and how far they are. */
export interface Workflow {
  id: string;
  title: string;
  owner: string;
  state: JobState;
  /** 0 to 1, weighted by bytes where they are known. */
  progress: number;
  /** The name of the step it is busy with, or ended with. */
  stage: string;
  /** Which of the steps that is, from 1. */
  stageIndex: number;
  stageCount: number;
  message: string;
  steps: WorkflowStep[];
  attempt: number;
  createdAt: number;
  finishedAt?: number;
  rev: number;
}

export interface WorkflowPage {
  workflows: Workflow[];
  next?: string;
}

export type AgentStatus = 'idle' | 'busy' | 'error' | 'offline';

/** Measured since the hub started. */
export interface AgentMetrics {
  messageCount: number;
  errorCount: number;
  /** 0 to 1, of the executions that ended. */
  errorRate: number;
  averageExecutionSeconds: number;
  healthy: boolean;
}

/** A built-in executor, or a program that registered to do work. */
export interface Agent {
  name: string;
  status: AgentStatus;
  /** The kinds of work it does. */
  capabilities: string[];
  metrics: AgentMetrics;
  /** The job it does. */
  current?: string;
}

/** What an agent did within the minute that began at `time`; there is none for a minute without anything. */
export interface AgentPoint {
  time: number;
  messages: number;
  succeeded: number;
  failed: number;
}

export interface CoordinatorMetrics {
  totalMessages: number;
  totalWorkflows: number;
  /** Connected; built-in agents count. */
  registeredAgents: number;
  healthyAgents: number;
  /** Not ended. */
  activeWorkflows: number;
}

export type Params = Record<string, unknown>;

export interface HubEvent {
  seq: number;
  prev: number;
  time: number;
  topic: string;
  type: string;
  id?: string;
  rev?: number;
  object?: Params;
  patch?: Params;
}

export type ProgressRow = readonly unknown[];

export interface Progress {
  time: number;
  jobs: ProgressRow[];
  details?: Params;
}

/** A place in the event stream of one hub. `seq` means nothing in another `epoch`. */
export interface Cursor {
  epoch: string;
  seq: number;
}

export interface HelloResult extends Cursor {
  session: string;
  server?: { name: string; version: string };
  limits?: Params;
  heartbeatMs?: number;
  columns?: string[];
  scopes?: string[];
  /** Everything missed follows; else `topics` has the state of what was subscribed. */
  recovered?: boolean | null;
  topics?: TopicAck[];
}

export interface TopicAck extends Cursor {
  topic: string;
  jobs?: Job[];
  next?: string;
  [member: string]: unknown;
}

export interface JobPage {
  jobs: Job[];
  next?: string;
}

export interface Bye {
  code: number;
  reason?: string;
  reconnect?: boolean;
  retryAfterMs?: number;
}

export interface ErrorBody {
  code: number;
  message: string;
  data?: { type?: string; title?: string; retryable?: boolean; retryAfterMs?: number };
}

/** Any JSON-RPC 2.0 message of either side. */
export interface Message {
  jsonrpc?: '2.0';
  id?: number | string | null;
  method?: string;
  params?: Params;
  result?: unknown;
  error?: ErrorBody;
}

export const subprotocol = 'dray.v1';

/** The columns of a progress row when the hub announced none. */
export const defaultColumns: readonly string[] = [
  'id', 'rev', 'done', 'total', 'bytesPerSecond', 'etaSeconds', 'stage', 'details',
];

export const errorCodes = {
  methodNotFound: -32601,
  internal: -32603,
  unauthorized: -32001,
  forbidden: -32002,
  notFound: -32003,
  invalidState: -32004,
  rateLimited: -32005,
  positionLost: -32007,
} as const;

export const closeCodes = { normal: 1000, unauthorized: 1008, gap: 4000, heartbeat: 4002, revoked: 4505 } as const;

/** Codes after which knocking again is useless: 1008 and 45xx. */
export function isTerminalClose(code: number): boolean {
  return code === closeCodes.unauthorized || (code >= 4500 && code <= 4599);
}

export function isFinal(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'canceled';
}

/** The id an event speaks of: its `id`, else the tail of its topic. */
export function eventId(event: HubEvent): string {
  return event.id ?? event.topic.slice(event.topic.indexOf(':') + 1);
}
