// The rows of badinput: what is asked, and what must be answered. `type` is the name of the error on the
// wire, `says` what its sentence must name.
import path from 'node:path';
import { jsonType } from './asking.mjs';

/** The id of no job. */
export const noJob = '999999';
/** The digest of no file of ours. */
const otherDigest = '0'.repeat(64);

/** What is refused before there is a job; `spec` as in job.add. */
export const refusals = [
  { name: 'not a URL', spec: { url: 'not a url' }, type: 'invalidUrl', says: ['"not a url"'] },
  { name: 'an empty URL', spec: { url: '' }, type: 'invalidUrl', says: ['""'] },
  { name: 'a URL without a scheme', spec: { url: 'example.org/file.iso' }, type: 'invalidUrl', says: ['"example.org/file.iso"'] },
  { name: 'a URL without a host', spec: { url: 'http:///file.iso' }, type: 'invalidUrl', says: ['http:///file.iso', 'host'] },
  { name: 'an unknown scheme', spec: { url: 'gopher://example.org/x' }, type: 'unsupportedScheme', says: ['gopher://example.org/x', 'http and https'] },
  { name: 'a checksum that is none', spec: { url: 'http://example.org/x', sha256: 'abc' }, type: 'invalidArgument', says: ['sha256', '"abc"'] },
  { name: 'a name that leads out', spec: { url: 'http://example.org/x', name: '../x' }, type: 'invalidArgument', says: ['name', '"../x"'] },
];

/**
 * `leaves` are the names in the folder when the job has failed: what a retry goes on from, or what the
 * message says is kept. `keeps` are those when the job was removed; `leaves` when it is not given.
 */
export function failures({ server, unlistened, full, readOnly, plain, noMounts }) {
  const at = (name) => `http://127.0.0.1:${server.port}/${name}`;
  const onDisk = { name: 'a full disk, known before the first byte', url: server.url, to: full, type: 'noSpace', says: [full, String(server.size)], leaves: [], noMounts };
  const below = path.join(plain, 'below');
  return [
    { name: 'an unknown host', url: 'http://nosuch.invalid/f.bin', type: 'hostNotFound', says: ['nosuch.invalid'] },
    { name: 'a refused connection', url: `http://127.0.0.1:${unlistened}/f.bin`, type: 'connectionRefused', says: [`127.0.0.1:${unlistened}`] },
    { name: '404', url: at('nosuch.bin'), type: 'notFound', says: ['404', at('nosuch.bin')] },
    { name: '401', url: at('forbidden.bin'), type: 'authenticationRequired', says: ['401', at('forbidden.bin')] },
    { name: '401 that asks for a password', url: at('members.bin'), type: 'authenticationRequired', says: ['401', at('members.bin')] },
    { name: 'a redirect loop', url: at('circle.bin'), type: 'redirectLoop', says: ['redirect', at('circle.bin')] },
    { name: 'a folder that cannot be made', url: server.url, to: below, type: 'fileAccess', says: [below, 'Not a directory'] },
    { name: 'a folder that is read-only', url: server.url, to: readOnly, type: 'fileAccess', says: [readOnly, 'Read-only'], noMounts },
    { name: 'a folder to make in a read-only one', url: server.url, to: path.join(readOnly, 'sub'), type: 'fileAccess', says: [path.join(readOnly, 'sub'), 'Read-only'], noMounts },
    onDisk,
    { ...onDisk, name: 'a full disk, met on the way', url: at('unsized.bin'), to: path.join(full, 'way'), says: [full, 'No space left'], leaves: ['unsized.bin.part', 'unsized.bin.part.journal'], keeps: [] },
    { name: 'an existing file', url: server.url, args: ['--name', 'have.bin'], had: 'have.bin', type: 'fileExists', says: ['have.bin', 'exists'], leaves: ['have.bin'] },
    { name: 'a wrong checksum', url: server.url, args: ['--sha256', otherDigest], type: 'checksumMismatch', says: [otherDigest, server.sha256, 'image.bin.bad'], leaves: ['image.bin.bad'] },
  ];
}

const foreignOrigin = { Origin: 'http://pages.example' };

/**
 * Requests that are turned away; what a row leaves out is right. `token` null: none is given. `host` comes with
 * our port.
 */
export const visits = [
  { name: 'REST without a token', token: null, status: 401, type: 'unauthorized', says: ['token'] },
  { name: 'REST with a wrong token', headers: { Authorization: 'Bearer wrong' }, status: 401, type: 'unauthorized', says: ['token'] },
  { name: 'REST with a wrong Host', host: 'rebound.example', status: 403, type: 'forbidden', says: ['name', '--allow-host'] },
  { name: 'REST with our Host and another port', headers: { Host: '127.0.0.1:1' }, status: 403, type: 'forbidden', says: ['--allow-host'] },
  { name: 'REST with a wrong Origin', headers: foreignOrigin, status: 403, type: 'forbidden', says: ['origin', '--allow-origin'] },
  { name: 'REST with the Origin null', headers: { Origin: 'null' }, status: 403, type: 'forbidden', says: ['origin'] },
  { name: 'a socket with a wrong Host', socket: true, host: 'rebound.example', status: 403, type: 'forbidden', says: ['--allow-host'] },
  { name: 'a socket with a wrong Origin', socket: true, headers: foreignOrigin, status: 403, type: 'forbidden', says: ['--allow-origin'] },
  { name: 'a job without a content type', body: '{"url":"http://example.org/x"}', status: 415, type: 'invalidArgument', says: ['application/json'] },
  { name: 'a call without a content type', path: '/api/v1/rpc', body: '{}', status: 415, type: 'invalidArgument', says: ['application/json'] },
  { name: 'a form instead of JSON', headers: { 'Content-Type': 'text/plain' }, body: '{}', status: 415, type: 'invalidArgument', says: ['application/json'] },
  { name: 'malformed JSON to REST', headers: jsonType, body: '{"url": nonsense}', status: 400, type: 'invalidArgument', says: ['JSON'] },
  { name: 'JSON that is no object to REST', headers: jsonType, body: '[]', status: 400, type: 'invalidArgument', says: ['object'] },
  { name: 'an unknown address', path: '/api/v1/nothing', status: 404, type: 'notFound', says: ['address'] },
  { name: 'an unknown job to REST', path: `/api/v1/jobs/${noJob}`, status: 404, type: 'notFound', says: [noJob] },
];

/** How drayctl is used wrongly. */
export const misuses = [
  { args: ['frobnicate'], says: ['"frobnicate"'] },
  { args: ['add'], says: ['URL'] },
  { args: ['add', 'http://example.org/x', '--connections', '99'], says: ['--connections', '"99"'] },
  { args: ['add', 'http://example.org/x', '--limit', 'fast'], says: ['--limit', 'fast'] },
  { args: ['pause', 'first'], says: ['"first"'] },
  { args: ['token', 'add', 'x', '--scope', 'everything'], says: ['everything'] },
];
