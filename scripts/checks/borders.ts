// Who may import whom: the rules are in .dependency-cruiser.mjs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';
import { CRUISED, cruiseTree } from './cruise.ts';
import { listFiles } from './list-files.ts';
import { report } from './report.ts';

// dependency-cruiser leaves out, without a word and in green, whatever its parser cannot read.
const CRUISED_SHARE_MIN = 0.9;

report(await findBorderProblems(process.cwd()));

async function findBorderProblems(root: string): Promise<string[]> {
  const result = await cruiseTree(root);
  return [...listViolations(result), ...listUnread(root, result)];
}

function listViolations({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const others = cycle?.map(({ name }) => name) ?? (to === from ? [] : [to]);
    return `${rule.name}: ${[from, ...others].join(' → ')}`;
  });
}

function listUnread(root: string, { modules }: ICruiseResult): string[] {
  const inFolders = new RegExp(`^(${CRUISED.join('|')})/.*[.]ts$`);
  const written = listFiles(root).filter((file) => inFolders.test(file) && !file.endsWith('.d.ts'));
  const cruised = new Map(
    modules.map(({ source, dependencies }) => [source, dependencies.map(({ module }) => module)]),
  );
  const missing = written.filter((file) => !cruised.has(file));
  const count = written.length - missing.length;
  if (count === 0 || count < written.length * CRUISED_SHARE_MIN) {
    return [`unread: ${count} of ${written.length} .ts files were read; not ${missing.slice(0, 3).join(', ')} …`];
  }
  return written.flatMap((file) => listUnseen(root, file, cruised.get(file) ?? []));
}

/** dependency-cruiser walks over most types, and so past an `import('…')` in one. */
function listUnseen(root: string, file: string, seen: readonly string[]): string[] {
  // These hold code as text: what other files would be, or become.
  if (/^(scripts|bench)\//.test(file)) return [];
  const calls = readFileSync(join(root, file), 'utf8').matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  const unseen = [...calls].flatMap(([, name = '']) => (seen.includes(name) ? [] : [name]));
  return unseen.map((name) => `unseen: ${file} names ${name} inside of a type: write import type`);
}
