// Every route that drayd serves, as its own documents tell.
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../../../resources/schema/${name}`, import.meta.url)));

/** `{method, path}` of every HTTP route; `id` stands where a path names a job. */
export function httpRoutes(id) {
  const methods = ['get', 'post', 'put', 'patch', 'delete'];
  const routes = Object.entries(read('openapi.json').paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({ method: method.toUpperCase(), path: path.replace('{id}', id) })),
  );
  return [{ method: 'GET', path: '/' }, { method: 'POST', path: `/api/v1/jobs/${id}/report` }, ...routes];
}

/** The path of every WebSocket route. */
export function socketRoutes() {
  return Object.values(read('asyncapi.json').channels).map(({ address }) => address);
}
