import { readFile } from 'node:fs/promises';
import { isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
type Tree = { [key: string]: Value };

const value: z.ZodType<Value> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(value), z.record(z.string(), value)]),
);
const tree = z.record(z.string(), value);

/**
 * Files of Compose as Compose makes one of them: YAML merge keys, variables, later files over earlier ones, `!override`. Paths, and
 * the short forms of ports and volumes, stay as they are written. Throws for a variable that has to be there and is not.
 */
export async function renderCompose(files: readonly string[], env: Environment): Promise<Tree> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return renderTexts(texts, env);
}

export function renderTexts(texts: readonly string[], env: Environment): Tree {
  let whole: Tree = {};
  for (const text of texts) {
    const document = parseDocument(text, { merge: true });
    if (document.errors[0] !== undefined) throw document.errors[0];
    const replaced = new Set<string>();
    visit(document, {
      Node: (_, node, path) => {
        if (node.tag !== '!override' && node.tag !== '!reset') return;
        const keys = path.flatMap((part) => (isPair(part) && isScalar(part.key) ? [String(part.key.value)] : []));
        replaced.add(keys.join('/'));
        if (isNode(node)) delete node.tag;
      },
    });
    whole = mergeMaps(whole, tree.parse(fill(tree.parse(document.toJS()), env)), replaced, []);
  }
  return whole;
}

function mergeMaps(under: Tree, over: Tree, replaced: ReadonlySet<string>, path: readonly string[]): Tree {
  const merged: Tree = { ...under };
  for (const [key, next] of Object.entries(over)) merged[key] = merge(under[key], next, replaced, [...path, key]);
  return merged;
}

function merge(under: Value | undefined, over: Value, replaced: ReadonlySet<string>, path: readonly string[]): Value {
  if (replaced.has(path.join('/'))) return over;
  if (isTree(under) && isTree(over)) return mergeMaps(under, over, replaced, path);
  if (!Array.isArray(under) || !Array.isArray(over)) return over;
  const key = path.at(-1) ?? '';
  if (['command', 'entrypoint', 'test'].includes(key)) return over;
  if (key !== 'volumes') return [...under, ...over];
  const targets = new Set(over.map(targetOf));
  return [...under.filter((mount) => !targets.has(targetOf(mount))), ...over];
}

/** `source:/target:ro` */
function targetOf(mount: Value): string {
  return String(mount).split(':')[1] ?? '';
}

function isTree(candidate: Value | undefined): candidate is Tree {
  return typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate);
}

function fill(candidate: Value, env: Environment): Value {
  if (typeof candidate === 'string') return fillText(candidate, env);
  if (Array.isArray(candidate)) return candidate.map((each) => fill(each, env));
  if (!isTree(candidate)) return candidate;
  return Object.fromEntries(Object.entries(candidate).map(([key, each]) => [key, fill(each, env)]));
}

/** `$$`, `$NAME`, `${NAME}`, and with `:-` `-` `:?` `?` `:+` `+` and what may itself hold variables. Any other `$` is an error. */
export function fillText(text: string, env: Environment): string {
  let filled = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '$') {
      filled += text[at];
      at += 1;
      continue;
    }
    const rest = text.slice(at + 1);
    const [name] = /^[A-Za-z_]\w*/.exec(rest) ?? [];
    if (rest.startsWith('$')) {
      filled += '$';
      at += 2;
    } else if (rest.startsWith('{')) {
      const end = endOfBraces(text, at + 1);
      filled += fillExpression(text.slice(at + 2, end), env);
      at = end + 1;
    } else if (name !== undefined) {
      filled += env[name] ?? '';
      at += 1 + name.length;
    } else throw new Error(`"${text}" holds a "$" that is no variable: compose wants "$$"`);
  }
  return filled;
}

function endOfBraces(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`"${text}" ends inside of a variable`);
}

function fillExpression(expression: string, env: Environment): string {
  const [, name = '', operator = '', rest = ''] = /^([A-Za-z_]\w*)(:?[-?+])?(.*)$/s.exec(expression) ?? [];
  if (name === '' || (operator === '' && rest !== '')) throw new Error(`"\${${expression}}" is no variable`);
  const known = env[name];
  const isThere = operator.startsWith(':') ? known !== undefined && known !== '' : known !== undefined;
  if (operator.endsWith('+')) return isThere ? fillText(rest, env) : '';
  if (isThere || operator === '') return known ?? '';
  if (operator.endsWith('-')) return fillText(rest, env);
  throw new Error(`the variable ${name} is missing: ${rest}`);
}
