import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** The one name of a folder that may not exist yet: locks and command lines are compared by it. Makes its parents. */
export async function toRealPath(path: string): Promise<string> {
  const absolute = resolve(path);
  await mkdir(dirname(absolute), { recursive: true });
  return realpath(absolute).catch(async () => join(await realpath(dirname(absolute)), basename(absolute)));
}
