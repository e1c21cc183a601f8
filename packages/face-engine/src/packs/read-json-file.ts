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
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw damaged(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

/** Whether there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
