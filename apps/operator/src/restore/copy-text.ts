import { createReadStream } from 'node:fs';

const newline = 0x0a;
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The rows of a file in the text format of PostgreSQL's COPY (its documentation, "Text Format"), each a list of fields. */
export async function* readCopyText(file: string): AsyncGenerator<(string | null)[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    const bytes: Buffer = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      yield fieldsOf(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) throw new Error(`${file} ends in the middle of a row`);
}

function fieldsOf(line: string): (string | null)[] {
  return line.split('\t').map((field) => (field === '\\N' ? null : decode(field)));
}

function decode(field: string): string {
  return field.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
}
