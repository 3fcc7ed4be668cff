import { expect, it } from 'vitest';
import { getDrayClient } from '../src/shared.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

it('there is one client in a page, made as the first who asked wanted it', () => {
  const hub = new FakeHub();
  const environment = new FakeEnvironment(hub);
  const client = getDrayClient({ url: 'http://hub:1', environment, name: 'first' });
  expect(getDrayClient({ url: 'http://other:2', name: 'second' })).toBe(client);
  expect(getDrayClient()).toBe(client);
  environment.settle();
  expect(client.isConnected).toBe(true);
  expect(hub.connections.size).toBe(1);
  expect(JSON.stringify(environment.socket.sent)).toContain('"name":"first"');
});
