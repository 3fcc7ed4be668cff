// One HTTP request with exactly the headers it is given: Host and Origin too.
import http from 'node:http';

const answerMs = 10_000;

/**
 * `{status, headers, text, json}` of the answer; `json` is undefined when it is not JSON. An upgrade that
 * is granted has status 101 and is closed at once.
 */
export function request({ port, method = 'GET', path, headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const asked = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false, timeout: answerMs });
    asked.on('response', (response) => readAnswer(response).then(resolve, reject));
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${answerMs} ms: ${method} ${path}`)));
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The headers that ask for a WebSocket (RFC 6455 §4.1). */
export const upgradeHeaders = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
  'Sec-WebSocket-Protocol': 'dray.v1',
};

async function readAnswer(response) {
  const parts = [];
  for await (const part of response) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const isJson = /[/+]json\b/.test(response.headers['content-type'] ?? '');
  return { status: response.statusCode, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
