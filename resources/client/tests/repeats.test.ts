import { beforeEach, describe, expect, it } from 'vitest';
import { DrayClient } from '../src/client.js';
import type { ErrorBody, JobState } from '../src/protocol.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

let hub: FakeHub;
let environment: FakeEnvironment;

beforeEach(() => {
  hub = new FakeHub();
  environment = new FakeEnvironment(hub);
});

function start(): DrayClient {
  const client = new DrayClient({ url: 'http://hub:1', environment });
  environment.settle();
  return client;
}

describe('a call whose answer was lost', () => {
  const invalidState = { code: -32004, message: 'Not possible in this state', data: { type: 'invalidState' } };
  const notFound = { code: -32003, message: 'Not found', data: { type: 'notFound' } };

  /** `method` about job 1 of `state`, taken by the hub if `isTaken`, sent again and refused with `refusal`. */
  function sendAgain(method: string, state: JobState, refusal: ErrorBody, isTaken = true): Promise<unknown> {
    hub.add({ state });
    const called = start().call(method, { job: '1' });
    if (isTaken) hub.command(method, { job: '1' });
    environment.socket.drop();
    hub.refusal = (message) => (message.method === method ? refusal : undefined);
    environment.advance(1000);
    environment.settle();
    expect(hub.calls.filter((message) => message.method === method)).toHaveLength(1);
    return called;
  }

  it.each<[string, JobState, ErrorBody, unknown]>([
    ['job.pause', 'running', invalidState, { job: { state: 'paused' } }],
    ['job.resume', 'paused', invalidState, { job: { state: 'queued' } }],
    ['job.cancel', 'running', invalidState, { job: { state: 'canceled' } }],
    ['job.remove', 'succeeded', notFound, {}],
  ])('is done when the hub refuses it because it was: %s', async (method, state, refusal, result) => {
    await expect(sendAgain(method, state, refusal)).resolves.toMatchObject(result as object);
  });

  it.each<[string, JobState, ErrorBody]>([
    ['job.pause', 'succeeded', invalidState],
    ['job.resume', 'failed', invalidState],
    ['job.cancel', 'running', invalidState],
    ['job.remove', 'running', invalidState],
    ['job.pause', 'paused', notFound],
  ])('fails when it was not: %s of a job that is %s', async (method, state, refusal) => {
    await expect(sendAgain(method, state, refusal, false)).rejects.toMatchObject({ kind: 'refused', code: refusal.code });
  });

  it('fails when it was not lost', async () => {
    hub.add({ state: 'paused' });
    hub.refusal = ({ method }) => (method === 'job.pause' ? invalidState : undefined);
    const paused = start().call('job.pause', { job: '1' });
    environment.settle();
    await expect(paused).rejects.toMatchObject({ kind: 'refused' });
  });
});
