// The tests of the latest release on the migrations of now: while a new release is rolled out, and after it is taken back,
// the code of the one before runs on its tables.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { linkPackages } from './link-packages.ts';

const ROOT = process.cwd();
const MIGRATIONS = 'services/*/src/db/migrations';
/** What works on tables. */
const TESTS = ['services/', 'tests/'];

process.exitCode = await testPrevious();

async function testPrevious(): Promise<number> {
  // One that holds this very commit is not before it.
  const args = ['tag', '--list', 'v*', '--sort=-version:refname', '--no-contains', 'HEAD'];
  const { stdout, error } = spawnSync('git', args, { encoding: 'utf8' });
  if (error !== undefined) {
    console.error('git is not on this machine, which knows the latest release: install it.');
    return 1;
  }
  // Nothing in an unpacked archive, which has no history.
  const tag = stdout.split('\n')[0] ?? '';
  if (tag === '') {
    console.log('no release yet: nothing to compare');
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kilas-previous-'));
  try {
    console.log(`the tests of ${tag} on the migrations of now`);
    checkOut(tag, folder);
    replaceMigrations(folder);
    if (isSame(folder, 'package-lock.json')) linkPackages(folder);
    else run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
    const tests = spawn('npm', ['test', '--silent', '--', ...TESTS], { cwd: folder, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal));
    const [code] = await once(tests, 'close');
    return code ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkOut(tag: string, folder: string): void {
  const archive = join(folder, 'release.tar');
  run('git', ['archive', '--output', archive, tag]);
  run('tar', ['-xf', archive, '-C', folder]);
  rmSync(archive);
}

function replaceMigrations(folder: string): void {
  for (const old of globSync(MIGRATIONS, { cwd: folder })) rmSync(join(folder, old), { recursive: true });
  for (const path of globSync(MIGRATIONS, { cwd: ROOT })) {
    // A service that is new has no tests there.
    if (existsSync(join(folder, dirname(path)))) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
}

function isSame(folder: string, file: string): boolean {
  return readFileSync(join(folder, file), 'utf8') === readFileSync(join(ROOT, file), 'utf8');
}

function run(program: string, args: readonly string[], cwd: string = ROOT): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed with ${status}:\n${stderr}`);
  return stdout;
}
