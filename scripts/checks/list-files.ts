import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** What buf makes, as buf.gen.yaml says. */
export const GENERATED = ['packages/contracts/src/gen', 'packages/face-engine/src/graphs/gen'];

const NEVER_COMMITTED = ['**/node_modules', '.git', 'data', 'coverage'];

/** Every file that is committed or about to be, relative to the root, sorted. */
export function listFiles(root: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const git = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const listed = existsSync(join(root, '.git')) && git.status === 0;
  // An unpacked archive has no history to ask.
  const files = listed ? git.stdout.split('\0').filter((file) => file !== '') : walk(root);
  return [...new Set(files)].filter((file) => existsSync(join(root, file))).sort();
}

function walk(root: string): string[] {
  const entries = globSync('**', { cwd: root, exclude: NEVER_COMMITTED, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** Code of ours by path: what the rules about files and borders look at. */
export function isGenerated(file: string): boolean {
  return (
    [...GENERATED, 'packages/client/src/gen'].some((folder) => file.startsWith(`${folder}/`)) ||
    file.endsWith('.gen.ts') ||
    file.endsWith('package-lock.json')
  );
}
