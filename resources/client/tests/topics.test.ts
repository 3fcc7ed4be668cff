import { beforeEach, describe, expect, it } from 'vitest';
import { DrayClient } from '../src/client.js';
import type { TopicMessage } from '../src/topics.js';
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

describe('a topic', () => {
  it('is subscribed with its first handler and again after a snapshot', () => {
    hub.add({ state: 'running' });
    const client = start();
    const seen: TopicMessage[] = [];
    const stop = client.subscribe('job:1', (message) => seen.push(message));
    environment.settle();
    hub.change('1', { message: 'm' });
    hub.tick();
    environment.settle();
    expect(seen.map((message) => message.kind)).toEqual(['snapshot', 'event', 'progress']);
    stop();
    environment.settle();
    expect(hub.calls.at(-1)?.method).toBe('topic.unsubscribe');
  });
});

describe('topics that change faster than a hub takes messages', () => {
  const about = (topic: string) => hub.calls.filter(({ method, params }) => method !== 'session.hello' && params?.['topic'] === topic).map(({ method }) => method);
  const tooMany = { code: -32005, message: 'Too many messages', data: { type: 'rateLimited', retryAfterMs: 600 } };

  /** Listens to a job after the other, as a reader who looks at each for a moment. */
  function lookAt(client: DrayClient, count: number, eachMs: number): () => void {
    let stop = () => {};
    for (let id = 1; id <= count; id += 1) {
      stop();
      stop = client.subscribe(`job:${id}`, () => undefined);
      environment.settle();
      environment.advance(eachMs);
    }
    return stop;
  }

  it('are told within what it takes, and the last of them in the end', () => {
    const client = start();
    const began = environment.time;
    const before = environment.socket.messages;
    lookAt(client, 300, 100);
    const seconds = (environment.time - began) / 1000;
    expect(environment.socket.messages - before).toBeLessThan(30 + (100 * seconds) / 60);
    environment.advance(10_000);
    environment.settle();
    expect(about('job:300')).toEqual(['topic.subscribe']);
    expect(about('job:299')).not.toEqual(['topic.subscribe']);
  });

  it('are not told of when nobody listened by the time it was their turn', () => {
    const client = start();
    const stop = lookAt(client, 20, 0);
    stop();
    environment.advance(60_000);
    environment.settle();
    expect(about('job:20')).toEqual([]);
    const begun = hub.calls.filter(({ method }) => method === 'topic.subscribe').length;
    expect(hub.calls.filter(({ method }) => method === 'topic.unsubscribe')).toHaveLength(begun);
  });

  it.each(['topic.subscribe', 'topic.unsubscribe'])('are told again when %s was one message too many', (refused) => {
    hub.add();
    const client = start();
    const seen: string[] = [];
    let left = 1;
    hub.refusal = ({ method }) => (method === refused && left-- > 0 ? tooMany : undefined);
    const stop = client.subscribe('job:1', ({ kind }) => seen.push(kind));
    environment.settle();
    environment.advance(600);
    environment.settle();
    expect(seen).toEqual(['snapshot']);
    stop();
    environment.settle();
    environment.advance(600);
    environment.settle();
    const again = ['topic.subscribe', 'topic.unsubscribe'].flatMap((method) => (method === refused ? [method, method] : [method]));
    expect(about('job:1')).toEqual(again);
  });

  it('and were given up when it said no, are not told again', () => {
    const client = start();
    hub.refusal = ({ method }) => (method === 'topic.subscribe' ? tooMany : undefined);
    client.subscribe('job:1', () => undefined)();
    environment.settle();
    environment.advance(60_000);
    environment.settle();
    expect(about('job:1')).toEqual(['topic.subscribe', 'topic.unsubscribe']);
  });
});
