// Who may import whom: the rules are in .dependency-cruiser.mjs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { listFiles } from './list-files.ts';
import { report } from './report.ts';

const FOLDERS = ['packages', 'services', 'apps', 'tests', 'bench', 'scripts'];
// dependency-cruiser leaves out, without a word and in green, whatever its parser cannot read.
const CRUISED_SHARE_MIN = 0.9;

report(await findBorderProblems(process.cwd()));

async function findBorderProblems(root: string): Promise<string[]> {
  const options = await extractOptions(join(root, '.dependency-cruiser.mjs'));
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(folders, { ...options, baseDir: root });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text');
  return [...listViolations(output), ...listUnread(root, output)];
}

function listViolations({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const path = cycle ? cycle.map(({ name }) => name) : [to];
    return `${rule.name}: ${[from, ...path].filter((name, index) => index === 0 || name !== from || cycle).join(' → ')}`;
  });
}

function listUnread(root: string, { modules }: ICruiseResult): string[] {
  const inFolders = new RegExp(`^(${FOLDERS.join('|')})/.*[.]ts$`);
  const isOurs = (file: string) => inFolders.test(file) && !file.endsWith('.d.ts');
  const written = listFiles(root).filter(isOurs);
  const cruised = new Set(modules.map(({ source }) => source).filter(isOurs));
  if (written.length > 0 && cruised.size >= written.length * CRUISED_SHARE_MIN) return [];
  const missing = written.filter((file) => !cruised.has(file)).slice(0, 3);
  return [`unread: ${cruised.size} of ${written.length} .ts files were read; not ${missing.join(', ')} …`];
}
