// packages/contracts/src/gen is, byte by byte, what buf makes of proto/.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './report.ts';

const GENERATED = 'packages/contracts/src/gen';

const fresh = mkdtempSync(join(tmpdir(), 'kilas-gen-'));
try {
  report(findGeneratedProblems(process.cwd(), fresh), 'Run: npm run gen');
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function findGeneratedProblems(root: string, target: string): string[] {
  const buf = spawnSync('buf', ['generate', '--output', target], { cwd: root, encoding: 'utf8' });
  if (buf.status !== 0) return [buf.error?.message ?? `${buf.stdout}${buf.stderr}`.trim()];
  const wanted = join(target, GENERATED);
  const committed = join(root, GENERATED);
  const names = new Set([...listNames(wanted), ...listNames(committed)]);
  return [...names].sort().flatMap((name) => {
    const problem = compare(join(committed, name), join(wanted, name));
    return problem ? [`${problem}: ${GENERATED}/${name}`] : [];
  });
}

function compare(committed: string, wanted: string): string | undefined {
  const [is, shouldBe] = [readIfThere(committed), readIfThere(wanted)];
  if (!is) return 'missing';
  if (!shouldBe) return 'nothing in proto/ makes it';
  return is.equals(shouldBe) ? undefined : 'differs';
}

function readIfThere(file: string): Buffer | undefined {
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file) : undefined;
}

function listNames(folder: string): string[] {
  return globSync('**', { cwd: folder }).filter((name) => statSync(join(folder, name)).isFile());
}
