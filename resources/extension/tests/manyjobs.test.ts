import { JobMap, type ClientOptions, type DrayClient, type HubEvent, type Job, type JobState } from 'dray-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ShownJobs } from '../src/popup/shownjobs.js';
import { SeenStates } from '../src/shared/seenstates.js';
import { putFakeChrome } from './fakechrome.js';

const nothing = () => Promise.resolve();
let badge = '';
const action = { setBadgeBackgroundColor: nothing, setBadgeTextColor: nothing, setBadgeText: ({ text }: { text: string }) => Promise.resolve(void (badge = text)) };
const { local, session } = putFakeChrome({
  action,
  alarms: { create: nothing, clear: nothing },
  permissions: { contains: () => Promise.resolve(true), remove: nothing },
  runtime: { id: 'ours', getURL: () => 'chrome-extension://x/' },
  scripting: { getRegisteredContentScripts: () => Promise.resolve([]) },
});
const { Companion } = await import('../src/worker/companion.js');

const clients: { jobs: JobMap; options: ClientOptions }[] = [];

/** A client that is connected; tests change its jobs. */
vi.mock('dray-client', async (original) => ({
  ...(await original<object>()),
  DrayClient: class implements Partial<DrayClient> {
    readonly isConnected = true;
    readonly status = { value: 'connected', subscribe: () => () => undefined } as unknown as DrayClient['status'];
    readonly jobs = new JobMap();
    constructor(readonly options: ClientOptions) {
      clients.push(this);
    }
    connect(): void {}
    disconnect(): void {}
  },
}));

const count = 1000;
let jobs: JobMap;
let looks: number;

const event = (type: string, id: number, more: Partial<HubEvent>): HubEvent =>
  ({ seq: 0, prev: 0, time: 0, topic: `job:${id}`, type, id: String(id), rev: 1, ...more });
const add = (id: number, state: JobState = 'queued') =>
  jobs.applyEvent(event('job.added', id, { object: { id: String(id), kind: 'download', title: '', state, rev: 1 } }));
const becomes = (id: number, state: JobState) => jobs.applyEvent(event('job.changed', id, { rev: 2, patch: { state } }));
const move = (id: number, done: number) => jobs.applyProgress(['id', 'rev', 'done'], [[String(id), 10 + done, done]]);

/** Counts how often all jobs are gone through. */
function watchLooks(map: JobMap): void {
  const all = map[Symbol.iterator].bind(map);
  map[Symbol.iterator] = () => {
    looks += 1;
    return all();
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  looks = 0;
  jobs = new JobMap();
});

afterEach(() => {
  vi.useRealTimers();
});

test('a state is another one once, numbers are none', () => {
  const states = new SeenStates(jobs);
  const told: boolean[] = [];
  jobs.subscribe((change) => told.push(states.take(change)));
  add(1);
  move(1, 5);
  becomes(1, 'running');
  jobs.applyEvent(event('job.changed', 1, { rev: 3, patch: { message: 'm' } }));
  jobs.applyEvent(event('job.removed', 1, {}));
  expect(told).toEqual([true, false, true, false, true]);
});

test('the worker looks at all jobs once for many that change, and never for numbers', async () => {
  local.items['pass'] = { hubUrl: 'http://127.0.0.1:8765', token: 'token' };
  await new Companion().ready;
  const client = clients.at(-1)!;
  expect(client.options.progressRate).toBe(0.2);
  ({ jobs } = client);
  await vi.runAllTimersAsync();
  watchLooks(jobs);
  const write = vi.spyOn(session, 'set');
  for (let id = 1; id <= count; id += 1) add(id);
  becomes(1, 'running');
  await vi.runAllTimersAsync();
  expect(badge).toBe('1');
  expect(session.items['unfinished']).toHaveLength(count);
  expect(write).toHaveBeenCalledTimes(1);
  expect(looks).toBeLessThan(5);
  looks = 0;
  for (let frame = 1; frame <= 100; frame += 1) move(1, frame);
  await vi.runAllTimersAsync();
  expect(looks).toBe(0);
});

test('the popup goes through all jobs once for many that change; numbers come at once', () => {
  watchLooks(jobs);
  let shown: Job[] = [];
  new ShownJobs(jobs, (first) => (shown = first));
  for (let id = 1; id <= count; id += 1) add(id, 'succeeded');
  becomes(7, 'running');
  vi.runAllTimers();
  expect(shown.map(({ id }) => id)).toEqual(['7', '1000', '999', '998', '997', '996']);
  expect(looks).toBe(1);
  for (let frame = 1; frame <= 100; frame += 1) {
    move(7, frame);
    expect(shown[0]?.done).toBe(frame);
    move(8, frame);
  }
  becomes(7, 'failed');
  vi.runAllTimers();
  expect(shown[0]?.id).toBe('1000');
  expect(looks).toBe(2);
});
