import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What `parse` makes of a JSON file; undefined where there is no such file. What is wrong with its content is thrown as `damaged` words it. */
export async function readJsonFile<Value>(
  file: string,
  parse: (content: unknown) => Value,
  damaged: (why: string) => Error,
): Promise<Value | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw damaged(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}
