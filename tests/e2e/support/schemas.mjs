// What is really sent, held against resources/schema/schema.json. A member that the schema does not
// name is wrong here, although programs are to ignore such members.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const folder = new URL('../../../resources/schema/', import.meta.url);

export const schema = JSON.parse(readFileSync(new URL('schema.json', folder), 'utf8'));

/** Every object schema without a word about other members refuses them. */
function closed(value) {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]));
  return copy.properties && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy;
}

/** Judges messages by the names of the schema's definitions. `web` is the folder with ajv in node_modules. */
export class Schemas {
  #ajv;
  #checks = new Map();

  constructor(web = process.env.DRAY_WEB ?? process.argv[3]) {
    const Ajv = createRequire(path.resolve(web, 'package.json'))('ajv/dist/2020').default;
    this.#ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, strictTuples: false });
    this.#ajv.addSchema(closed(schema));
  }

  /** Fails with the value when it is not what one of `names` says. */
  checkAny(names, value) {
    const failures = names.map((name) => {
      try {
        return void this.check(name, value);
      } catch (error) {
        return error;
      }
    });
    if (failures.every((error) => error)) throw failures.at(-1);
  }

  /** Fails with the value when it is not what `name` says. */
  check(name, value) {
    if (!this.#checks.has(name)) {
      assert.ok(schema.$defs[name], `the schema has no definition ${name}`);
      this.#checks.set(name, this.#ajv.compile({ $ref: `schema.json#/$defs/${name}` }));
    }
    const check = this.#checks.get(name);
    assert.ok(check(value), `${this.#ajv.errorsText(check.errors?.slice(0, 6))}\nis wrong by ${name} in ${JSON.stringify(value)?.slice(0, 2000)}`);
  }
}
