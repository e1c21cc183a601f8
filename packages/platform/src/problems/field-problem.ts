import type { Locale, ProblemCatalogue } from './problem.ts';

/** What does not fit in one field of a request, as an element of `errors` in the problem document. */
export interface FieldProblem {
  readonly path: string;
  /** Stable. Absent for what has no text of its own. */
  readonly code?: string;
  readonly message: string;
}

/** An issue of Zod as the routes' validator hands it over; further fields depend on its keyword. */
export interface FieldIssue {
  readonly keyword?: string;
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** An entry of `errors` that a schema cannot find; thrown as the `validation` of a 400. */
export function fieldIssue(path: string, code: string): FieldIssue {
  return { keyword: 'custom', instancePath: path, message: code };
}

const namesMax = 5;
const nameLengthMax = 40;
const typeCodes: Readonly<Record<string, string>> = {
  string: 'FIELD_NOT_TEXT',
  number: 'FIELD_NOT_NUMBER',
  int: 'FIELD_NOT_WHOLE',
  boolean: 'FIELD_NOT_BOOLEAN',
  array: 'FIELD_NOT_LIST',
  object: 'FIELD_NOT_OBJECT',
};
const formatCodes: Readonly<Record<string, string>> = {
  datetime: 'FIELD_NOT_TIME',
  email: 'FIELD_NOT_EMAIL',
  guid: 'FIELD_NOT_ID',
  uuid: 'FIELD_NOT_ID',
};

/** What a person reads of an issue, in their language; the validator's own English where the catalogue has no text. */
export function fieldProblem(issue: FieldIssue, catalogue: ProblemCatalogue, locale: Locale): FieldProblem {
  const { code, params } = nameIssue(issue, catalogue);
  const text = catalogue[code]?.[locale];
  const { instancePath: path } = issue;
  if (text === undefined) return { path, message: issue.message ?? '' };
  return { path, code, message: text.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '') };
}

interface NamedIssue {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

function nameIssue({ keyword, message = '', params = {} }: FieldIssue, catalogue: ProblemCatalogue): NamedIssue {
  // A schema that has something of its own to say names it instead of a message.
  if (Object.hasOwn(catalogue, message)) return { code: message, params: textsOf(params.params) };
  switch (keyword) {
    case 'invalid_type': {
      const isMissing = message.endsWith('received undefined');
      return named(isMissing ? 'FIELD_MISSING' : (typeCodes[String(params.expected)] ?? 'FIELD_INVALID'));
    }
    case 'too_small':
      return named(sizeCode(params.origin, ['FIELD_TOO_SHORT', 'FIELD_TOO_FEW', 'FIELD_TOO_SMALL']), {
        min: String(params.minimum),
      });
    case 'too_big':
      return named(sizeCode(params.origin, ['FIELD_TOO_MANY_LETTERS', 'FIELD_TOO_MANY', 'FIELD_TOO_BIG']), {
        max: String(params.maximum),
      });
    case 'invalid_format':
      return named(formatCodes[String(params.format)] ?? 'FIELD_INVALID');
    case 'invalid_value':
      return named('FIELD_NOT_ONE_OF', { values: listed(params.values) });
    case 'unrecognized_keys':
      return named('FIELD_UNKNOWN', { names: listed(params.keys) });
    default:
      return named('FIELD_INVALID');
  }
}

function named(code: string, params: Readonly<Record<string, string>> = {}): NamedIssue {
  return { code, params };
}

function sizeCode(origin: unknown, [text, list, amount]: readonly [string, string, string]): string {
  if (origin === 'string') return text;
  return origin === 'array' || origin === 'set' ? list : amount;
}

function listed(values: unknown): string {
  if (!Array.isArray(values)) return '';
  const names = values.slice(0, namesMax).map((value) => String(value).slice(0, nameLengthMax).toWellFormed());
  return [...names, ...(values.length > namesMax ? ['…'] : [])].join(', ');
}

function textsOf(params: unknown): Readonly<Record<string, string>> {
  if (typeof params !== 'object' || params === null) return {};
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
