import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { testGraphsDir } from '@kilas/face-engine/testing/test-samples.ts';

const program = path.join(import.meta.dirname, '../main.ts');

/** `npm run faces` with these arguments, on the networks of all tests. */
export function runFaces(...args: readonly string[]) {
  return runFacesWith({}, ...args);
}

/** The same, with variables of its own. */
export async function runFacesWith(own: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { ...process.env, GRAPHS_FOLDER: testGraphsDir, ...own };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, output, errors, lastLine: output.trim().split('\n').at(-1) ?? '' };
}
