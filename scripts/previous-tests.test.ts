import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, 'previous-tests.ts');
// Stands in for the tests of a release: says on which migrations it ran, and fails on one that it cannot bear.
const TESTS = `
import { readdirSync, readFileSync } from 'node:fs';
import { version } from '@kilas/user/version.ts';
const folder = 'services/user/src/db/migrations/';
const texts = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'));
console.log(version, 'on', texts.join(' '), process.argv.slice(2).join(' '));
process.exitCode = texts.includes('drop') ? 1 : 0;
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kilas-previous-tests-'));
  write('package-lock.json', '{}');
  write('services/user/package.json', '{ "name": "@kilas/user", "type": "module", "exports": { "./*": "./src/*" } }');
  write('services/user/src/version.ts', "export const version = 'old code';\n");
  write('services/user/src/db/migrations/0001-first.sql', 'create');
  write('package.json', '{ "type": "module", "scripts": { "test": "exec node tests.ts" } }');
  write('tests.ts', TESTS);
  write('.gitignore', 'node_modules\n');
  mkdirSync(join(root, 'node_modules/@kilas'), { recursive: true });
  commit('one');
});

afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function git(...args: string[]): void {
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const { status, stderr } = spawnSync('git', [...as, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function commit(message: string): void {
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', message);
}

function runPrevious() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { cwd: root, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

test('before the first release there is nothing to compare', () => {
  expect(runPrevious()).toEqual({ status: 0, output: 'no release yet: nothing to compare\n' });
  git('tag', 'v1.0.0');
  expect(runPrevious().output).toContain('no release yet');
});

test('without git it is one sentence', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: root },
  });
  expect(`${stdout}${stderr}`).toMatch(/^git is not on this machine, .*\n$/);
  expect(status).toBe(1);
});

test('the tests and the code of the latest release run on the migrations of now', () => {
  git('tag', 'v1.9.0');
  write('services/user/src/version.ts', "export const version = 'newer code';\n");
  commit('two');
  git('tag', 'v1.10.0');
  write('services/user/src/version.ts', "export const version = 'newest code';\n");
  write('services/user/src/db/migrations/0002-more.sql', 'alter');
  commit('three');
  const { status, output } = runPrevious();
  expect(output).toBe('the tests of v1.10.0 on the migrations of now\nnewer code on create alter services/ tests/\n');
  expect(status).toBe(0);
});

test('a migration that the release cannot bear is red', () => {
  git('tag', 'v1.0.0');
  write('services/user/src/db/migrations/0002-more.sql', 'drop');
  commit('two');
  expect(runPrevious().status).toBe(1);
});
