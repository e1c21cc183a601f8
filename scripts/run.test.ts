import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const LOCK = { packages: { '': {}, 'node_modules/left': { version: '1.0.0', integrity: 'sha512-x' } } };
const NEWER_LOCK = { packages: { '': {}, 'node_modules/left': { version: '2.0.0', integrity: 'sha512-y' } } };

// Stands in for npm, an outsider: says what it was asked, and installs what the lock file says.
const NPM = `#!/usr/bin/env node
const fs = require('node:fs');
fs.appendFileSync('npm.log', process.argv.slice(2).join(' ') + ' skip=' + process.env.ONNXRUNTIME_NODE_INSTALL + '\\n');
if (fs.existsSync('broken')) {
  console.error('npm error the disk is full');
  process.exit(7);
}
fs.mkdirSync('node_modules/left', { recursive: true });
const finish = () => fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
if (fs.existsSync('slow')) setInterval(() => fs.existsSync('slow') || process.exit(1), 50);
else setTimeout(finish, 300);
`;

// Stands in for the program that is started.
const MAIN = `
import { appendFileSync } from 'node:fs';
const [what = ''] = process.argv.slice(2);
if (what === 'wait') {
  process.on('SIGTERM', () => {
    appendFileSync('main.log', 'SIGTERM\\n');
    setTimeout(() => process.exit(5), 200);
  });
  setInterval(() => {}, 1000);
  appendFileSync('main.log', 'ready\\n');
} else process.exit(Number(what));
`;

interface Started {
  child: ChildProcess;
  ended: Promise<{ code: number | null; output: string }>;
}

let root: string;
let children: ChildProcess[];

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'kilas-run-'));
  children = [];
  for (const name of ['run', 'install.mjs']) {
    write(`scripts/${name}`, fs.readFileSync(join(import.meta.dirname, name), 'utf8'));
  }
  fs.chmodSync(join(root, 'scripts/run'), 0o755);
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', JSON.stringify(LOCK));
  write('bin/npm', NPM.replace('/usr/bin/env node', process.execPath));
  write('bin/package.json', '{ "type": "commonjs" }');
  fs.chmodSync(join(root, 'bin/npm'), 0o755);
  write('apps/standalone/src/main.ts', MAIN);
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(root, { recursive: true, force: true });
});

test('what is missing is installed once, and the exit code is that of the program', async () => {
  const first = await run('3').ended;
  expect(first).toMatchObject({
    code: 3,
    output: expect.stringMatching(/^Installing dependencies .*\n$/),
  });
  expect(await run('4').ended).toEqual({ code: 4, output: '' });
  expect(read('npm.log')).toBe('ci --include=dev --include=optional --loglevel=error skip=skip\n');
});

test('an installation made by hand is accepted', async () => {
  installByHand();
  expect(await run('0').ended).toEqual({ code: 0, output: '' });
  expect(read('npm.log')).toBe('');
});

test('a changed lock file installs again', async () => {
  installByHand();
  await run('0').ended;
  write('package-lock.json', JSON.stringify(NEWER_LOCK));
  expect(await run('0').ended).toMatchObject({ code: 0, output: expect.stringContaining('Installing') });
});

test('a folder that came from another machine is installed again', async () => {
  installByHand();
  const left = { ...LOCK.packages['node_modules/left'], os: ['plan9'] };
  write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/left': left } }));
  expect(await run('0').ended).toMatchObject({ code: 0, output: expect.stringContaining('Installing') });
});

test('a dependency the lock file does not know leaves what is installed in place', async () => {
  installByHand();
  write('package.json', '{ "type": "module", "dependencies": { "right": "1.0.0" } }');
  expect(await run('0').ended).toEqual({ code: 0, output: '' });
  expect(read('npm.log')).toBe('');
});

test('a failed installation shows all that npm said, and its exit code', async () => {
  write('broken', '');
  const { code, output } = await run('0').ended;
  expect(code).toBe(7);
  expect(output).toContain('npm error the disk is full');
});

test('two commands at once install once', async () => {
  const both = await Promise.all([run('0').ended, run('0').ended]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(read('npm.log').match(/ci/g)).toHaveLength(1);
});

test('the lock of an installer that was killed is taken over', async () => {
  write('slow', '');
  const killed = run('0');
  await vi.waitUntil(() => read('npm.log') !== '', 10_000);
  killed.child.kill('SIGKILL');
  fs.rmSync(join(root, 'slow'));
  await killed.ended;
  expect(await run('0').ended).toMatchObject({ code: 0 });
});

test('SIGTERM reaches the program once, and its exit code comes back', async () => {
  installByHand();
  const started = run('wait');
  await vi.waitUntil(() => read('main.log') !== '', 10_000);
  started.child.kill('SIGTERM');
  expect(await started.ended).toEqual({ code: 5, output: '' });
  expect(read('main.log')).toBe('ready\nSIGTERM\n');
});

test('a signal to the shell that npm starts reaches the program', async () => {
  installByHand();
  const { scripts } = JSON.parse(fs.readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  const started = spawnIn('sh', ['-c', `${scripts.start} wait`]);
  await vi.waitUntil(() => read('main.log') !== '', 10_000);
  started.child.kill('SIGTERM');
  expect(await started.ended).toMatchObject({ code: 5 });
});

function run(...args: string[]): Started {
  return spawnIn('scripts/run', ['node', 'apps/standalone/src/main.ts', ...args]);
}

function spawnIn(program: string, args: string[]): Started {
  const { npm_execpath: _, ...inherited } = process.env;
  const env = { ...inherited, PATH: [join(root, 'bin'), process.env.PATH].join(delimiter) };
  const child = spawn(program, args, { cwd: root, env });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
  return { child, ended };
}

function installByHand(): void {
  write('node_modules/.package-lock.json', fs.readFileSync(join(root, 'package-lock.json'), 'utf8'));
  fs.mkdirSync(join(root, 'node_modules/left'));
}

function write(file: string, text: string): void {
  fs.mkdirSync(dirname(join(root, file)), { recursive: true });
  fs.writeFileSync(join(root, file), text);
}

function read(file: string): string {
  return fs.existsSync(join(root, file)) ? fs.readFileSync(join(root, file), 'utf8') : '';
}
