/** One statement of an SQL file. */
export interface SqlStatement {
  /** Lower case, single spaces, without comments; a string is '' and a dollar-quoted text $$. */
  readonly text: string;
  /** The comments right above it and in it. */
  readonly comments: readonly string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

// PostgreSQL, "Lexical Structure". In this order: what opens first holds what the others would find in it.
const token =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*')|(?<body>\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<quoted>"(?:[^"]|"")*")|(?<end>;)|(?<space>\s+)|(?<word>[\w.]+)|(?<other>.)/g;

/** The statements of a file, as far as a reader without a grammar can tell them apart. */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let words: string[] = [];
  let comments: string[] = [];
  let line = 0;
  const finish = () => {
    if (words.length > 0) statements.push({ text: joinWords(words), comments, line });
    words = [];
    comments = [];
  };
  for (const { 0: found, groups = {}, index } of sql.matchAll(token)) {
    if (groups.space !== undefined) continue;
    if (groups.comment !== undefined) {
      comments.push(found);
      continue;
    }
    if (groups.end !== undefined) {
      finish();
      continue;
    }
    if (words.length === 0) line = sql.slice(0, index).split('\n').length;
    if (groups.text !== undefined) words.push("''");
    else if (groups.body !== undefined) words.push('$$');
    else words.push(groups.quoted === undefined ? found.toLowerCase() : found.slice(1, -1));
  }
  finish();
  return statements;
}

function joinWords(words: readonly string[]): string {
  return words
    .join(' ')
    .replaceAll(/ ?([.]) ?/g, '$1')
    .replaceAll(/ ([,)])/g, '$1')
    .replaceAll('( ', '(');
}

/** The parts between commas that stand in no parentheses. */
export function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
