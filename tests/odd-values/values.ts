/** A JSON schema as it stands in the OpenAPI document, as far as it is looked at here. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly maximum?: number;
  readonly minimum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** A number as it is written in JSON, where no number of JavaScript says it. */
export class Written {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}

/** The field is left out. */
export const absent = Symbol('absent');

const deep = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

const ofAnyKind: readonly unknown[] = [absent, null, true, false, 0, '', [], {}, [null], { toString: 1 }, deep(200)];

const texts = [
  ' ',
  'a',
  'null',
  '0',
  '-1',
  '1e309',
  'NaN',
  'Infinity',
  '\u200b\u2060',
  '\u3164',
  '\u202e\u2066cod.exe',
  'e\u0301'.repeat(60),
  'a\u0000b',
  '\u0001\u001b[2J\u007f\u0085\u2028',
  '\ud800',
  'a\udc00b',
  '\ufffe\uffff\u{10ffff}',
  'İıſK',
  '👩‍👩‍👧‍👦'.repeat(30),
  '🏁'.repeat(100),
  '%00%ff%c0%af',
  '../../etc/passwd',
  "'; drop table photos; --",
  '{{7*7}}<script>',
  'a'.repeat(101),
  'a'.repeat(10_000),
  '__proto__',
];

const times = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '1899-12-31T23:59:59.999Z',
  '1900-01-01T00:00:00Z',
  '1970-01-01T00:00:00.000000001Z',
  '2026-02-30T00:00:00Z',
  '2026-05-01T24:00:00Z',
  '2026-06-30T23:59:60Z',
  '2026-05-01T00:00:00+99:99',
  '2026-05-01',
  '2200-12-31T23:59:59.999Z',
  '2201-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59.999-14:00',
  '+010000-01-01T00:00:00Z',
  '-000044-03-15T00:00:00Z',
  'infinity',
  'now',
];

const ids = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '11111111-1111-1111-1111-111111111111',
  '01A22A9D-7783-7F74-BBA8-81E4C6A03FD1',
  '{01a22a9d-7783-7f74-bba8-81e4c6a03fd1}',
  '01a22a9d77837f74bba881e4c6a03fd1',
];

const mails = [
  'pelari@bücher.example',
  'pelari@xn--bcher-kva.example',
  'pélari@kilas.test',
  '用户@kilas.test',
  '"a b"@kilas.test',
  'a@[127.0.0.1]',
  `${'a'.repeat(250)}@kilas.test`,
  `a@${'b'.repeat(64)}.test`,
  'a@b@c.test',
  'a@xn--.test',
  'a@kilas.test\r\nBcc: b@kilas.test',
];

const numbers = [
  -1,
  1,
  1.5,
  1e-7,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 63),
  1e21,
  1e308,
  -1e308,
  '1',
  new Written('-0'),
  new Written('1e400'),
  new Written('9223372036854775808'),
  new Written('0.1e1'),
];

/** Extreme and odd values for a field with this schema, `base` being one that fits. */
export function oddValues(schema: JsonSchema, base: unknown): readonly unknown[] {
  const forms = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const types = new Set(forms.flatMap(({ type }) => type ?? []));
  const formats = new Set(forms.map(({ format }) => format));
  const { maximum, minimum, maxLength, maxItems } = schema;
  return [
    ...ofAnyKind,
    ...(types.has('string') ? texts : []),
    ...(formats.has('date-time') ? times : []),
    ...(formats.has('uuid') ? ids : []),
    ...(formats.has('email') ? mails : []),
    ...forms.flatMap((form) => form.enum ?? []),
    ...(types.has('number') || types.has('integer') ? numbers : []),
    ...(maximum === undefined ? [] : [maximum, maximum + 1]),
    ...(minimum === undefined ? [] : [minimum, minimum - 1]),
    ...(maxLength === undefined ? [] : ['🏁'.repeat(maxLength), '🏁'.repeat(maxLength + 1)]),
    ...(types.has('array') ? arrays(base, maxItems ?? 1_000) : []),
  ];
}

function arrays(base: unknown, countMax: number): readonly unknown[] {
  const [first] = Array.isArray(base) ? base : [];
  return [[first, first], Array(countMax).fill(first), Array(countMax + 1).fill(first), [first, null], [[first]]];
}

/** Texts for a place in an address or a form, where everything is one. */
export const oddTexts: readonly string[] = [...texts, ...times, ...ids, '25000.00', '٢٥٠٠٠', '1e4', '91', '-0', ''];
