// What an answer must be like that says no, whoever reads it.
import assert from 'node:assert/strict';

/** Words for a person: several, with every value of `says`, and nothing that a program forgot to fill in. */
export function assertSentence(message, says) {
  assert.ok(message, 'something is said');
  for (const value of says) assert.ok(message.includes(value), `names ${value}: ${message}`);
  assert.ok(message.trim().split(/\s+/).length >= 4, `is a sentence: ${message}`);
  assert.doesNotMatch(message, /%\d|undefined|\[object|QVariant|std::|Unknown error/, 'is meant for people');
  assert.doesNotMatch(message, /[:,;(]$|: :|\.\.$/, 'has nothing left out');
}

/** An answer of RFC 9457 with that status, that name of the error, and those words. */
export function assertProblem({ status, headers, json }, { status: expected, type, says }) {
  assert.equal(status, expected, JSON.stringify(json));
  assert.match(headers['content-type'], /^application\/problem\+json/);
  assert.deepEqual({ status: json.status, type: json.type }, { status: expected, type });
  assertSentence([json.title, json.detail].filter(Boolean).join(': '), says);
}

/** A JSON-RPC answer to `text`, which is not JSON. */
export function assertParseError({ id, error }, text) {
  assert.deepEqual({ id, code: error.code, type: error.data.type }, { id: null, code: -32700, type: 'parseError' });
  assertSentence(error.message, ['JSON']);
  assertPositionInside(error.message, text);
}

/** A position that a message names is one that its reader finds in `text`. */
export function assertPositionInside(message, text) {
  const [, position] = /at byte (\d+)/.exec(message ?? '') ?? [];
  if (position !== undefined) assert.ok(Number(position) <= text.length, `byte ${position} of ${text.length}: ${message}`);
}
