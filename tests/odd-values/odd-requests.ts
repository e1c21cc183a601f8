import { absent, type JsonSchema, oddValues, Written } from './values.ts';

export interface Body {
  readonly [field: string]: unknown;
}

/** The JSON of a body, written as `Written` says. */
export function toJson(body: unknown): string {
  const written: string[] = [];
  const text = JSON.stringify(body, (_key, value) => {
    if (!(value instanceof Written)) return value;
    written.push(value.json);
    return `\u{f0000}${written.length - 1}\u{f0000}`;
  });
  return text.replace(/"\u{f0000}(\d+)\u{f0000}"/gu, (_, index: string) => written[Number(index)] ?? '0');
}

/** Bodies that differ from a valid one in one field each, however deep it lies, with what was put there. */
export function* oddBodies(schema: JsonSchema, base: unknown, path = ''): Generator<{ path: string; body: unknown }> {
  for (const form of [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    if (form.properties !== undefined && isBody(base)) yield* oddFields(form.properties, base, path);
    if (form.items !== undefined && Array.isArray(base) && base.length > 0) {
      const [first, ...rest] = base;
      for (const odd of oddEntries(form.items, first, `${path}/0`)) {
        yield { path: odd.path, body: odd.body === absent ? rest : [odd.body, ...rest] };
      }
    }
  }
}

function* oddFields(properties: Readonly<Record<string, JsonSchema>>, base: Body, path: string) {
  for (const [name, schema] of Object.entries(properties)) {
    for (const odd of oddEntries(schema, base[name], `${path}/${name}`)) {
      const { [name]: _replaced, ...others } = base;
      yield { path: odd.path, body: odd.body === absent ? others : { ...others, [name]: odd.body } };
    }
  }
  for (const unknown of ['creatorId', 'constructor', 'a'.repeat(300), '\u202e']) {
    if (!Object.hasOwn(properties, unknown)) yield { path: `${path}/+`, body: { ...base, [unknown]: 1 } };
  }
}

function* oddEntries(schema: JsonSchema, base: unknown, path: string): Generator<{ path: string; body: unknown }> {
  for (const value of oddValues(schema, base)) yield { path, body: value };
  yield* oddBodies(schema, base, path);
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
