// Asking a daemon once, over REST or over a native socket of its own.
import assert from 'node:assert/strict';
import { request } from './request.mjs';
import { until } from './testrun.mjs';
import { WebSocket } from './websocket.mjs';

const answerSeconds = 10;

export const jsonType = { 'Content-Type': 'application/json' };

/** The header of who has `token`; none when it is null. */
export function bearer(daemon, token = daemon.endpoint().token) {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** Text goes as it is, everything else as JSON; both are called JSON. */
export function rest(daemon, method, path, body, token) {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const headers = { ...bearer(daemon, token), ...(text === undefined ? {} : jsonType) };
  return request({ port: daemon.port, method, path, headers, body: text });
}

/** The JSON that `rest` is answered; anything but success is an error. */
export async function asked(daemon, method, path, body) {
  const answer = await rest(daemon, method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json;
}

/** A native socket, and every message that came on it. */
export async function openSocket(daemon, token = daemon.endpoint().token) {
  const messages = [];
  const socket = await WebSocket.connect(`ws://127.0.0.1:${daemon.port}/api/v1/ws`, ['dray.v1', `dray.bearer.${token}`]);
  socket.on('message', (text) => messages.push(JSON.parse(text)));
  return { socket, messages };
}

/** What a call on a native socket is answered that must fail: `{code, message, data}`. */
export async function refusalOf(daemon, method, params, token) {
  const { socket, messages } = await openSocket(daemon, token);
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  const answer = await until(`${method} is answered`, () => messages.find(({ id }) => id === 1), answerSeconds);
  socket.cut();
  assert.ok(answer.error, `${method} is refused: ${JSON.stringify(answer)}`);
  return answer.error;
}
