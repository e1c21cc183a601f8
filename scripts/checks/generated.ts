// Generated code is, byte by byte, what buf makes of the .proto files.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GENERATED } from './list-files.ts';
import { report } from './report.ts';

const fresh = mkdtempSync(join(tmpdir(), 'kilas-gen-'));
try {
  report(findGeneratedProblems(process.cwd(), fresh), 'Run: npm run gen');
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function findGeneratedProblems(root: string, target: string): string[] {
  const buf = spawnSync('buf', ['generate', '--output', target], { cwd: root, encoding: 'utf8' });
  if (buf.status !== 0) return [buf.error?.message ?? `${buf.stdout}${buf.stderr}`.trim()];
  const files = new Set([...listGenerated(target), ...listGenerated(root)]);
  return [...files].sort().flatMap((file) => {
    const problem = compare(join(root, file), join(target, file));
    return problem ? [`${problem}: ${file}`] : [];
  });
}

function compare(committed: string, wanted: string): string | undefined {
  const [is, shouldBe] = [readIfThere(committed), readIfThere(wanted)];
  if (!is) return 'missing';
  if (!shouldBe) return 'no .proto file makes it';
  return is.equals(shouldBe) ? undefined : 'differs';
}

function readIfThere(file: string): Buffer | undefined {
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file) : undefined;
}

function listGenerated(root: string): string[] {
  const names = GENERATED.flatMap((folder) => globSync(`${folder}/**`, { cwd: root }));
  return names.filter((name) => statSync(join(root, name)).isFile());
}
