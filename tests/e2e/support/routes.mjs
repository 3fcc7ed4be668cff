// Every route that drayd serves, as its own documents tell.
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../../../resources/schema/${name}`, import.meta.url)));

/** `path` with its query: names to values, those without one left out. */
function withQuery(path, values) {
  const query = new URLSearchParams(values.filter(([, value]) => value !== undefined)).toString();
  return query ? `${path}?${query}` : path;
}

/** `{method, path}` of every HTTP route, with what its query must say; `id` stands where a path names a job. */
export function httpRoutes(id) {
  const methods = ['get', 'post', 'put', 'patch', 'delete'];
  const needed = ({ parameters = [] }) => parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = (operation) => needed(operation).map(({ name, schema, example }) => [name, schema.const ?? example]);
  const routes = Object.entries(read('openapi.json').paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({ method: method.toUpperCase(), path: withQuery(path.replace('{id}', id).replace('{name}', 'downloader'), query(item[method])) })),
  );
  return [{ method: 'GET', path: '/' }, { method: 'POST', path: `/api/v1/jobs/${id}/report` }, ...routes];
}

/** The path of every WebSocket route, with its query. */
export function socketRoutes() {
  const query = (bindings) => Object.entries(bindings?.ws.query.properties ?? {}).map(([name, value]) => [name, value.const]);
  return Object.values(read('asyncapi.json').channels).map(({ address, bindings }) => withQuery(address, query(bindings)));
}
