// The unmodified socket.io-client against a real drayd: every transport, the right owner, tokens, restarts, a
// React hook, an editor's extension, and a page of another origin in Chromium.
//
//     node socketio.mjs PROGRAMS WEB OUTPUT
//
// PROGRAMS holds drayd and drayctl, WEB the node_modules with socket.io-client, ajv and playwright-core; OUTPUT is
// not used. Ends with exit code 0 when every case is as it must be.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { asked } from './support/asking.mjs';
import { Daemon } from './support/daemon.mjs';
import { EditorProgress } from './support/editorprogress.mjs';
import { OtherOrigin, openChromium } from './support/otherorigin.mjs';
import { ProgressHook } from './support/progresshook.mjs';
import { request } from './support/request.mjs';
import { runRows } from './support/rows.mjs';
import { Schemas } from './support/schemas.mjs';
import { freePort, until } from './support/testrun.mjs';

const [programs, web] = process.argv.slice(2).map((argument) => path.resolve(argument));
const fromWeb = createRequire(path.join(web, 'package.json'));
const { io } = fromWeb('socket.io-client');
const schemas = new Schemas();
const answerMs = 10_000;
const transportRows = [['websocket'], ['polling'], ['polling', 'websocket']];

/** A program with a socket: what it was told, in order. */
class Program {
  told = [];
  errors = [];
  disconnects = [];

  constructor(scene, { sid, transports = ['websocket'], ...options }) {
    const fast = { reconnectionDelay: 50, reconnectionDelayMax: 200 };
    this.socket = io(scene.url, { auth: { sid }, transports, forceNew: true, ...fast, ...options });
    this.socket.on('ai_progress', (message) => this.told.push(message));
    this.socket.on('error', (error) => this.errors.push(error));
    this.socket.on('disconnect', (reason) => this.disconnects.push(reason));
    scene.run.onEnd(async () => this.socket.disconnect());
  }

  static async connected(scene, options) {
    const program = new Program(scene, options);
    await until('connected', () => program.socket.connected, 10);
    return program;
  }

  get transport() {
    return this.socket.io.engine.transport.name;
  }

  report(message) {
    return this.socket.timeout(answerMs).emitWithAck('ai_progress', message);
  }

  of(task) {
    return this.told.filter((message) => message.task_id === task);
  }

  hears(task, type) {
    return until(`${type} of ${task}`, () => this.of(task).find((message) => message.type === type), 10);
  }
}

async function main(run, rows) {
  const site = await OtherOrigin.start(run, makePage(run));
  const stranger = await OtherOrigin.start(run, makePage(run));
  const port = await freePort();
  const daemon = new Daemon(run, { programs, name: 'main', port, options: ['--allow-origin', site.origin] });
  await daemon.start();
  const scene = { run, daemon, site, stranger, url: `http://127.0.0.1:${port}` };
  scene.ann = await token(daemon, 'ann', '--owner', 'ann');
  scene.bob = await token(daemon, 'bob', '--owner', 'bob');
  for (const transports of transportRows) await worksBy(scene, rows, transports);
  await keepsOwnersApart(scene, rows);
  await tellsOtherReports(scene, rows);
  await takesTokens(scene, rows);
  await guardsTheDoor(scene, rows);
  await servesPages(scene, rows);
  await answersPolls(scene, rows);
  await servesAnEditor(scene, rows);
  await servesAHook(scene, rows);
}

async function token(daemon, name, ...options) {
  const { code, lines } = await daemon.ctl('token', 'add', name, ...options);
  assert.equal(code, 0, lines.join('\n'));
  return lines[0];
}

/** A page that tells what it heard as its title's lines. */
function makePage(run) {
  const script = readFileSync(path.join(web, 'node_modules/socket.io-client/dist/socket.io.min.js'), 'utf8');
  const file = run.path('page.html');
  writeFileSync(file, `<!doctype html><title>page</title><script>${script.replaceAll('</script', '<\\/script')}</script>`);
  return file;
}

async function worksBy(scene, rows, transports) {
  const { ann: sid } = scene;
  const by = transports.join(', then ');
  await rows.run(`${by}: messages become a job and come back as they were sent`, async () => {
    const program = await Program.connected(scene, { sid, transports });
    const task = `task-${transports}`;
    const plan = { type: 'plan', task_id: task, conversation_id: 'c', message: 'Zwei Schritte: größer ✓', total_steps: 2, extra: { list: [1, null, 'x'] } };
    const { ok, job } = await program.report(plan);
    assert.equal(ok, true);
    assert.deepEqual([job.kind, job.state, job.externalId, job.steps.length], ['external', 'running', task, 2]);
    const { timestamp, ...told } = await program.hears(task, 'plan');
    assert.deepEqual(told, plan);
    assert.ok(!Number.isNaN(Date.parse(timestamp)));
    await until('the last transport', () => program.transport === transports.at(-1), 10);
    await program.report({ type: 'working', task_id: task, conversation_id: 'c', step: 1, progress: 40, message: 'First' });
    await program.report({ type: 'complete', task_id: task, conversation_id: 'c', message: 'Done', timestamp: 'as sent' });
    assert.equal((await program.hears(task, 'complete')).timestamp, 'as sent');
    assert.equal((await asked(scene.daemon, 'GET', `/api/v1/jobs/${job.id}`)).job.state, 'succeeded');
    for (const message of program.told) schemas.check('socketio.AiProgress', message);
    assert.deepEqual(program.errors, []);
    program.socket.disconnect();
  });
  await rows.run(`${by}: a wrong token is unauthorized, and not tried again`, async () => {
    for (const auth of [{ sid: 'wrong' }, {}]) {
      const program = new Program(scene, { sid: auth.sid, transports });
      const error = await new Promise((resolve) => program.socket.once('connect_error', resolve));
      assert.deepEqual([error.message, error.data], ['unauthorized', { code: 4401 }]);
      assert.equal(program.socket.active, false);
    }
  });
  await rows.run(`${by}: what is refused is said in the answer, else as an event`, async () => {
    const program = await Program.connected(scene, { sid, transports });
    const refused = await program.report({ type: 'nonsense', task_id: 'x' });
    assert.deepEqual([refused.ok, refused.error.code], [false, 'invalidArgument']);
    schemas.check('socketio.Answer', refused);
    program.socket.emit('ai_progress', { type: 'nonsense', task_id: 'x' });
    await until('the event', () => program.errors.length === 1, 10);
    schemas.check('socketio.Error', program.errors[0]);
    const reported = await program.socket.timeout(answerMs).emitWithAck('job.report', { job: `own-${by}`, title: 'Own' });
    schemas.check('socketio.Answer', reported);
    assert.equal(reported.job.title, 'Own');
    program.socket.disconnect();
  });
  await rows.run(`${by}: binary is not spoken; the client comes back`, async () => {
    const program = await Program.connected(scene, { sid, transports });
    await until('the last transport', () => program.transport === transports.at(-1), 10);
    program.socket.emit('ai_progress', Buffer.from('bytes'));
    await until('closed', () => program.disconnects.length === 1, 10);
    await until('back', () => program.socket.connected, 10);
    program.socket.disconnect();
  });
  await rows.run(`${by}: a client comes back when the server was restarted`, async () => {
    const program = await Program.connected(scene, { sid, transports });
    await scene.daemon.stop();
    await until('gone', () => !program.socket.connected, 10);
    await scene.daemon.start();
    await until('back', () => program.socket.connected, 20);
    await program.report({ type: 'thinking', task_id: `again-${by}` });
    await program.hears(`again-${by}`, 'thinking');
    assert.ok(!program.disconnects.includes('io server disconnect'), program.disconnects.join());
    program.socket.disconnect();
  });
}

async function keepsOwnersApart(scene, rows) {
  await rows.run('messages reach every socket of their owner, the sender\'s too, and no other owner\'s', async () => {
    const anns = await Promise.all(transportRows.map((transports) => Program.connected(scene, { sid: scene.ann, transports })));
    const bobs = await Promise.all(transportRows.map((transports) => Program.connected(scene, { sid: scene.bob, transports })));
    const admin = await Program.connected(scene, { sid: scene.daemon.endpoint().token });
    await anns[0].report({ type: 'working', task_id: 'hers' });
    await bobs[0].report({ type: 'working', task_id: 'his' });
    await Promise.all([...anns.map((program) => program.hears('hers', 'working')), ...bobs.map((program) => program.hears('his', 'working'))]);
    for (const program of [...anns, ...bobs]) assert.equal(program.told.length, 1);
    assert.deepEqual(admin.told, []);
    for (const program of [...anns, ...bobs, admin]) program.socket.disconnect();
  });
}

async function tellsOtherReports(scene, rows) {
  await rows.run('what drayctl reports with a type is told in the same words', async () => {
    const program = await Program.connected(scene, { sid: scene.daemon.endpoint().token });
    await scene.daemon.ctl('report', '--job', 'script', '--title', 'Script', '--type', 'working', '--message', 'Half', '--done', '50', '--total', '100');
    const { timestamp, ...message } = await program.hears('script', 'working');
    assert.deepEqual(message, { type: 'working', task_id: 'script', conversation_id: 'script', message: 'Half', progress: 50 });
    await scene.daemon.ctl('report', '--job', 'script', '--type', 'complete', '--message', 'All');
    assert.equal((await program.hears('script', 'complete')).message, 'All');
    for (const told of program.told) schemas.check('socketio.AiProgress', told);
    program.socket.disconnect();
  });
  await rows.run('a workflow is told step by step', async () => {
    const program = await Program.connected(scene, { sid: scene.daemon.endpoint().token });
    const steps = [
      { name: 'first', kind: 'command', command: 'true' },
      { name: 'second', kind: 'command', command: 'true', needs: ['first'] },
    ];
    const file = scene.run.path('workflow.json');
    writeFileSync(file, JSON.stringify({ title: 'Two commands', steps }));
    const { code, lines } = await scene.daemon.ctl('workflow', file, '--wait');
    assert.equal(code, 0, lines.join('\n'));
    const { task_id: id } = await until('it is complete', () => program.told.find(({ type }) => type === 'complete'), 10);
    const said = program.of(id).map(({ type, step, total_steps: all, message }) => [type, step ?? 0, all, message].join(' '));
    assert.deepEqual(
      said.filter((line) => !line.startsWith('working')),
      ['plan 0 2 Two commands', 'step_complete 1 2 first', 'step_complete 2 2 second', 'complete 0 2 Two commands'],
    );
    for (const told of program.told) schemas.check('socketio.AiProgress', told);
    program.socket.disconnect();
  });
  await rows.run('who cancels a task is heard by its program', async () => {
    const program = await Program.connected(scene, { sid: scene.daemon.endpoint().token });
    const { job } = await program.report({ type: 'working', task_id: 'long' });
    await scene.daemon.ctl('cancel', job.id);
    assert.equal((await program.hears('long', 'error')).message, 'canceled');
    assert.equal((await program.report({ type: 'working', task_id: 'long' })).error.code, 'invalidState');
    program.socket.disconnect();
  });
}

async function takesTokens(scene, rows) {
  const { daemon, ann } = scene;
  for (const [place, options] of [
    ['Authorization', { extraHeaders: { Authorization: `Bearer ${ann}` } }],
    ['?token=', { query: { token: ann } }],
    ['cookie sid', { extraHeaders: { Cookie: `other=1; sid=${ann}` } }],
  ])
    for (const transports of transportRows)
      await rows.run(`the token as ${place}, ${transports.join(', then ')}`, async () => {
        const program = await Program.connected(scene, { sid: undefined, transports, ...options });
        await program.report({ type: 'thinking', task_id: 'placed' });
        await program.hears('placed', 'thinking');
        program.socket.disconnect();
      });
  await rows.run('the cookie counts for no page', async () => {
    const options = { extraHeaders: { Cookie: `sid=${ann}`, Origin: scene.site.origin } };
    const program = new Program(scene, { sid: undefined, ...options });
    const error = await new Promise((resolve) => program.socket.once('connect_error', resolve));
    assert.equal(error.message, 'unauthorized');
  });
  for (const transports of transportRows)
    await rows.run(`a revoked token ends its sockets for good, ${transports.join(', then ')}`, async () => {
      const name = `short-${transports}`;
      const sid = await token(daemon, name);
      const program = await Program.connected(scene, { sid, transports });
      const { json } = await request({ port: daemon.port, method: 'POST', path: '/api/v1/rpc', headers: { Authorization: `Bearer ${daemon.endpoint().token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'token.list', params: {} }) });
      const { id } = json.result.tokens.find((known) => known.name === name);
      await daemon.ctl('token', 'revoke', id);
      await until('expelled', () => program.disconnects.length === 1, 10);
      assert.deepEqual(program.disconnects, ['io server disconnect']);
      assert.equal(program.socket.active, false);
    });
}

async function guardsTheDoor(scene, rows) {
  const { daemon, site, stranger } = scene;
  const ask = (method, query, headers = {}, body = undefined) =>
    request({ port: daemon.port, method, path: `/socket.io/?EIO=4&transport=polling${query}`, headers: { Host: `127.0.0.1:${daemon.port}`, ...headers }, body });
  const sidOf = ({ text }) => JSON.parse(text.slice(1)).sid;
  await rows.run('a foreign page gets no session and cannot use one', async () => {
    assert.equal((await ask('GET', '', { Origin: stranger.origin })).status, 403);
    assert.equal((await ask('GET', '', { Origin: 'null' })).status, 403);
    assert.equal((await ask('GET', '', { Host: 'evil.test' })).status, 403);
    const sid = sidOf(await ask('GET', '', { Origin: site.origin }));
    const text = { 'Content-Type': 'text/plain' };
    assert.equal((await ask('POST', `&sid=${sid}`, { ...text, Origin: stranger.origin }, '40')).status, 403);
    const answer = await ask('POST', `&sid=${sid}`, text, '40'); // not from the page that opened it
    assert.deepEqual([answer.status, answer.json.code], [403, 4]);
    assert.equal((await ask('POST', `&sid=${sid}`, { ...text, Origin: site.origin }, '40')).status, 200);
  });
  await rows.run('what is larger than maxPayload is refused', async () => {
    const greeting = await ask('GET', '');
    const { sid, maxPayload } = JSON.parse(greeting.text.slice(1));
    assert.equal(maxPayload, 65536);
    assert.equal((await ask('POST', `&sid=${sid}`, {}, `4${'x'.repeat(maxPayload)}`)).status, 413);
  });
  await rows.run('errors are the protocol\'s own', async () => {
    assert.deepEqual((await ask('GET', '&sid=unknown')).json, { code: 1, message: 'Session ID unknown' });
    assert.deepEqual((await ask('PUT', '')).json, { code: 2, message: 'Bad handshake method' });
    schemas.check('socketio.Refusal', (await ask('POST', '')).json);
  });
}

/** What a page of `origin` makes of a socket: its own progress message, or why there is none. */
async function pageHears(browser, origin, url, options) {
  const page = await browser.newPage();
  await page.goto(origin);
  const heard = await page.evaluate(
    ([server, given]) =>
      new Promise((resolve) => {
        const socket = window.io(server, { ...given, reconnection: false });
        socket.on('connect_error', (error) => resolve(`error: ${error.message}`));
        socket.on('ai_progress', (message) => resolve(`${message.message} by ${socket.io.engine.transport.name}`));
        const upgraded = given.transports.length > 1 ? new Promise((done) => socket.io.engine.on('upgrade', done)) : Promise.resolve();
        socket.on('connect', () => upgraded.then(() => socket.emit('ai_progress', { type: 'working', task_id: 'page', message: 'from a page' })));
      }),
    [url, options],
  );
  await page.close();
  return heard;
}

async function servesPages(scene, rows) {
  const browser = await openChromium(scene.run, web, ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']);
  for (const transports of transportRows)
    await rows.run(`a page of an allowed origin, ${transports.join(', then ')}`, async () => {
      const options = { transports, auth: { sid: scene.ann }, withCredentials: true };
      assert.equal(await pageHears(browser, scene.site.origin, scene.url, options), `from a page by ${transports.at(-1)}`);
      assert.match(await pageHears(browser, scene.stranger.origin, scene.url, options), /^error: (xhr poll|websocket) error/);
    });
}

async function answersPolls(scene, rows) {
  await rows.run('the polling endpoint tells what came, by cursor or by memory', async () => {
    const program = await Program.connected(scene, { sid: scene.ann });
    const ask = async (sid, query) => {
      const answer = await fetch(`${scene.url}/api/method/ai_assistant.api.get_progress?${query}`, { headers: { Cookie: `sid=${sid}` } });
      assert.equal(answer.status, 200);
      const json = await answer.json();
      schemas.check('socketio.Progress', json);
      return json.message;
    };
    await program.report({ type: 'working', task_id: 'polled', conversation_id: 'talk', message: 'One' });
    const first = await ask(scene.ann, 'conversation_id=talk');
    assert.deepEqual(first.updates.map(({ message }) => message), ['One']);
    assert.deepEqual((await ask(scene.ann, 'conversation_id=talk')).updates, []);
    await program.report({ type: 'complete', task_id: 'polled', conversation_id: 'talk', message: 'Two' });
    const since = encodeURIComponent(first.cursor);
    for (let i = 0; i < 2; ++i) assert.deepEqual((await ask(scene.ann, `conversation_id=talk&since=${since}`)).updates.map(({ message }) => message), ['Two']);
    assert.deepEqual((await ask(scene.ann, 'conversation_id=talk')).updates.map(({ message }) => message), ['Two']);
    assert.deepEqual((await ask(scene.bob, 'conversation_id=talk')).updates, []);
    assert.equal((await fetch(`${scene.url}/api/method/ai_assistant.api.get_progress?conversation_id=talk`)).status, 401);
    program.socket.disconnect();
  });
}

async function servesAnEditor(scene, rows) {
  await rows.run('an editor\'s extension: one for all, events, cleanup', async () => {
    const options = { io, url: scene.url, sid: scene.ann, transports: ['websocket'] };
    const editor = EditorProgress.shared(options);
    assert.equal(EditorProgress.shared({ ...options, sid: 'ignored' }), editor);
    const events = [];
    for (const name of ['connected', 'disconnected', 'error', 'ai_progress']) editor.on(name, (value) => events.push([name, value]));
    const named = (name) => events.filter(([event]) => event === name);
    editor.connect();
    await until('connected', () => named('connected').length === 1, 10);
    editor.report({ type: 'working', task_id: 'edit', message: 'Refactoring' });
    await until('told', () => named('ai_progress').length === 1, 10);
    editor.report({ type: 'nonsense', task_id: 'edit' });
    await until('an error', () => named('error').length === 1, 10);
    assert.equal(named('error')[0][1].code, 'invalidArgument');
    await scene.daemon.stop();
    await until('disconnected', () => named('disconnected').length === 1, 10);
    await scene.daemon.start();
    await until('connected again', () => named('connected').length === 2, 20);
    editor.dispose();
    assert.equal(editor.isConnected, false);
    const other = EditorProgress.shared({ ...options, sid: 'wrong' });
    assert.notEqual(other, editor);
    const error = await new Promise((resolve) => other.once('error', resolve) && other.connect());
    assert.equal(error.message, 'unauthorized');
    other.dispose();
  });
}

async function servesAHook(scene, rows) {
  const hookWith = (more) => new ProgressHook({ io, url: scene.url, sid: scene.ann, conversation: 'hook', transports: ['polling', 'websocket'], unitMs: 40, ...more });
  const isAt = (hook, status) => until(status, () => hook.state.status === status, 20);
  await rows.run('a hook: state, what it missed by polling, unauthorized', async () => {
    const hook = hookWith({});
    hook.mount();
    await isAt(hook, 'connected');
    hook.send({ type: 'thinking', task_id: 'h', message: 'Hm' });
    await until('its update', () => hook.state.updates.length === 1, 10);
    hook.unmount();
    const late = hookWith({});
    assert.deepEqual((await late.poll()).map(({ message }) => message), ['Hm']);
    assert.deepEqual(await late.poll(), []);
    const wrong = hookWith({ sid: 'wrong' });
    wrong.mount();
    await isAt(wrong, 'unauthorized');
    assert.deepEqual(wrong.waited, []);
  });
  await rows.run('a hook: back-off 1, 2, 4, 8, 16, five attempts, and what it kept while offline', async () => {
    const hook = hookWith({});
    const lazy = hookWith({ unitMs: 400 });
    for (const one of [hook, lazy]) one.mount();
    await Promise.all([isAt(hook, 'connected'), isAt(lazy, 'connected')]);
    await scene.daemon.stop();
    await isAt(lazy, 'disconnected');
    lazy.send({ type: 'working', task_id: 'kept', message: 'Offline' });
    lazy.send({ type: 'complete', task_id: 'kept', message: 'Done' });
    assert.equal(lazy.queued, 2);
    await isAt(hook, 'failed');
    assert.deepEqual(hook.waited, [1, 2, 4, 8, 16]);
    await scene.daemon.start();
    await isAt(lazy, 'connected');
    assert.ok(lazy.waited.length >= 1 && lazy.waited.length <= 5);
    await until('what it kept', () => lazy.state.updates.length === 2, 10);
    assert.equal(lazy.queued, 0);
    assert.equal(lazy.state.attempts, 0);
    for (const one of [hook, lazy]) one.unmount();
  });
}

await runRows('socketio', main, 'Socket.IO');
