// What describes the protocols is true: every path of the OpenAPI document answers as it says, every
// method of the schema is there and answers as it says, on the socket, by server-sent events and by poll.
//
//     node documents.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with ajv; OUTPUT is not used. Ends with exit code
// 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from './support/daemon.mjs';
import { FileServer } from './support/fileserver.mjs';
import { NativeClient } from './support/nativeclient.mjs';
import { request } from './support/request.mjs';
import { runRows } from './support/rows.mjs';
import { Schemas, schema } from './support/schemas.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs] = process.argv.slice(2).map((argument) => path.resolve(argument));
const schemas = new Schemas();
const methodNotFound = -32601;
const methods = Object.keys(schema.$defs)
  .filter((name) => name.endsWith('.params'))
  .map((name) => name.slice(0, -'.params'.length));

/** Requests to the daemon as its admin; `body` makes it a POST of JSON. */
class Rest {
  constructor(daemon) {
    this.daemon = daemon;
  }

  ask(method, target, { body, headers = {}, token = this.daemon.endpoint().token } = {}) {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const authorization = token ? { Authorization: `Bearer ${token}` } : {};
    const host = { Host: `127.0.0.1:${this.daemon.port}` };
    return request({
      port: this.daemon.port,
      method,
      path: target,
      headers: { ...host, ...authorization, ...type, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  get(target, options) {
    return this.ask('GET', target, options);
  }

  post(target, body) {
    return this.ask('POST', target, { body });
  }

  /** The answer, a result or an error, is what the schema says of it. */
  async call(method, params = {}) {
    const { json } = await this.post('/api/v1/rpc', { jsonrpc: '2.0', id: 1, method, params });
    schemas.check(json.error ? 'Failure' : 'Answer', json);
    if (!json.error) schemas.check(`${method}.result`, json.result);
    return json;
  }
}

/** The answer's body is what the document says of it; `$ref`s lead to the schema. */
function holds(openapi, target, method, { status, headers, json }) {
  const operation = openapi.paths[target]?.[method];
  assert.ok(operation, `the document has no ${method} ${target}`);
  const answer = operation.responses[status] ?? openapi.components.responses.Problem;
  const [type] = (headers['content-type'] ?? '').split(';');
  const body = answer.content?.[type];
  assert.ok(body || !answer.content, `${method} ${target} answered ${status} with ${type}, not ${Object.keys(answer.content ?? {})}`);
  const names = [body?.schema, ...(body?.schema?.anyOf ?? [])].flatMap((said) => said?.$ref?.split('/').at(-1) ?? []);
  if (names.length > 0) schemas.checkAny(names, json);
}

async function main(run, rows) {
  const server = await FileServer.start(run, { name: 'image.bin', size: 4 * 1024 * 1024, bytesPerSecond: 1024 * 1024 });
  const daemon = new Daemon(run, { programs, name: 'main', port: await freePort() });
  await daemon.start();
  const rest = new Rest(daemon);
  const openapi = (await rest.get('/api/v1/openapi.json')).json;
  const scene = { run, server, daemon, rest, openapi };
  await servesDocuments(scene, rows);
  await describesDialects(rows);
  await answersMethods(scene, rows);
  await answersPaths(scene, rows);
  await tellsEvents(scene, rows);
}

async function servesDocuments({ rest }, rows) {
  for (const name of ['openapi', 'asyncapi', 'schema'])
    await rows.run(`${name}.json is served, to who has a token`, async () => {
      const { status, json } = await rest.get(`/api/v1/${name}.json`);
      assert.equal(status, 200);
      assert.ok(json[name === 'schema' ? '$defs' : name]);
      assert.equal((await rest.get(`/api/v1/${name}.json`, { token: '' })).status, 401);
    });
  await rows.run('every reference leads to a definition', async () => {
    for (const name of ['openapi', 'asyncapi', 'schema']) {
      const text = JSON.stringify((await rest.get(`/api/v1/${name}.json`)).json);
      for (const [, used] of text.matchAll(/(?:schema\.json)?#\/\$defs\/([^"]+)/g)) assert.ok(schema.$defs[used], `${name}: ${used}`);
    }
  });
}

/** The messages that the unit tests hold the compatibility dialects to, byte by byte. */
async function describesDialects(rows) {
  for (const dialect of ['idm', 'gateway', 'flashprogress', 'workflow', 'socketio'])
    await rows.run(`golden messages of ${dialect}`, async () => {
      const folder = new URL(`../server/dialects/golden/${dialect}/`, import.meta.url);
      const lines = readdirSync(folder).flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'));
      const messages = lines.filter((line) => line.length > 1).map((line) => JSON.parse(line.replace(/,$/, '')));
      assert.ok(messages.length > 7);
      const name = dialect === 'socketio' ? 'socketio.AiProgress' : `${dialect}.Message`;
      for (const message of messages) schemas.check(Array.isArray(message) ? 'idm.List' : name, message);
    });
}

/** What methods need to be answered with a result; others are asked with nothing. */
function paramsFor(method, { job, url, drive }) {
  const verbs = ['job.get', 'job.events', 'job.pause', 'job.resume', 'job.cancel', 'job.retry', 'job.remove'];
  if (verbs.includes(method)) return { job };
  const known = {
    'job.add': { url, paused: true },
    'job.move': { job, to: 'top' },
    'job.setLimit': { job, bytesPerSecond: 100_000 },
    'job.refreshUrl': { job, url },
    'device.eject': { drive },
    'settings.set': { key: 'queue.downloads', value: 3 },
    'pair.accept': { pairing: 'none' },
    'pair.refuse': { pairing: 'none' },
    'token.add': { name: 'e2e', scopes: ['read'] },
  };
  return known[method] ?? {};
}

async function answersMethods({ rest, server }, rows) {
  const { job } = (await rest.call('job.add', { url: server.url, name: 'methods.bin', paused: true })).result;
  // Those of the session and of topics live on the socket alone.
  for (const method of methods.filter((name) => !/^(session\.(hello|auth|pong)|topic|job\.remove|pair\.request)/.test(name)))
    await rows.run(`method ${method}`, async () => {
      const answer = await rest.call(method, paramsFor(method, { job: job.id, url: server.url, drive: 'none' }));
      assert.notEqual(answer.error?.code, methodNotFound, JSON.stringify(answer));
    });
  await rows.run('method job.remove', async () => {
    await rest.call('job.cancel', { job: job.id });
    const answer = await until('it may be removed', async () => {
      const tried = await rest.call('job.remove', { job: job.id });
      return tried.error?.data.type === 'invalidState' ? null : tried;
    });
    assert.ok(answer.result, JSON.stringify(answer));
  });
  await rows.run('a method that is not there', async () => {
    const answer = await rest.call('job.fly');
    assert.equal(answer.error.code, methodNotFound);
  });
}

async function answersPaths({ rest, openapi, server }, rows) {
  const { job } = (await rest.post('/api/v1/jobs', { url: server.url, name: 'paths.bin', paused: true })).json;
  const bodies = { move: { to: 'top' }, setLimit: { bytesPerSecond: 0 }, refreshUrl: { url: server.url } };
  const asked = (target) => target.replace('{id}', job.id);
  // Streams have cases of their own.
  const targets = Object.entries(openapi.paths).filter(([target]) => target !== '/api/v1/events');
  for (const [target, operations] of targets)
    for (const method of Object.keys(operations).filter((key) => ['get', 'post', 'delete'].includes(key)))
      await rows.run(`${method} ${target}`, async () => {
        const body = method === 'get' ? undefined : (bodies[target.split('/').at(-1)] ?? {});
        const answer = await rest.ask(method.toUpperCase(), asked(target), { body });
        assert.notEqual(answer.status, 405);
        assert.ok(answer.status !== 404 || target.includes('{'), `${target} is no route`);
        holds(openapi, target, method, answer);
      });
}

async function tellsEvents({ rest, server, daemon, run }, rows) {
  await rows.run('the socket while a download runs, with its segments', async () => {
    const client = new NativeClient();
    await client.connect(daemon.endpoint());
    const { job } = await client.call('job.add', { url: server.url, name: 'live.bin', connections: 2 });
    await client.call('topic.subscribe', { topic: `job:${job.id}` });
    await client.call('topic.list', {});
    await until('it succeeded', () => client.jobs.get(job.id)?.state === 'succeeded');
    await client.call('topic.unsubscribe', { topic: `job:${job.id}` });
    await client.call('job.remove', { job: job.id });
    await until('it is gone', () => !client.jobs.has(job.id));
    await assert.rejects(client.call('job.get', { job: job.id }));
    client.cut();
  });
  await rows.run('a poll that gets a snapshot, and one that goes on from there', async () => {
    const atRest = ({ state }) => !['queued', 'running'].includes(state);
    await until('no job changes by itself', async () => (await rest.get('/api/v1/jobs')).json.jobs.every(atRest));
    const { json: first } = await rest.get('/api/v1/events?wait=0&snapshot=true&topics=jobs,devices,system');
    schemas.check('PollResult', first);
    await rest.post('/api/v1/jobs', { url: server.url, name: 'polled.bin', paused: true });
    const { json: next } = await rest.get(`/api/v1/events?wait=5&topics=jobs&since=${first.epoch}:${first.seq}`);
    schemas.check('PollResult', next);
    assert.equal(next.events[0].type, 'job.added');
  });
  await rows.run('server-sent events', async () => {
    const told = await streamed({ daemon, rest, server });
    const names = { hello: 'StreamHello', snapshot: 'TopicAck', event: 'Event', progress: 'Progress' };
    for (const { kind, data } of told) schemas.check(names[kind] ?? kind, data);
    for (const kind of ['hello', 'snapshot', 'event']) assert.ok(told.some((part) => part.kind === kind), kind);
  });
  await rows.run('a flash that cannot be prepared says why', async () => {
    const image = run.path('image.raw');
    writeFileSync(image, randomBytes(4096));
    assert.ok((await rest.call('flash.prepare', { image, drives: ['none'] })).error);
  });
}

/** What a stream told, `{kind, data}` each, until an event came. */
async function streamed({ daemon, rest, server }) {
  const { url, token } = daemon.endpoint();
  const stop = new AbortController();
  const answer = await fetch(new URL('/api/v1/events?snapshot=true', url), { headers: { Authorization: `Bearer ${token}` }, signal: stop.signal });
  await rest.post('/api/v1/jobs', { url: server.url, name: 'streamed.bin', paused: true });
  let told = [];
  let text = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    told = [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, kind, data]) => ({ kind, data: JSON.parse(data) }));
    if (told.some(({ kind }) => kind === 'event')) break;
  }
  stop.abort();
  return told;
}

await runRows('documents', main, 'documents');
