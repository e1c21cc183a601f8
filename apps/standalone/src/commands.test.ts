import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-commands-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function runCommand(file: 'main.ts' | 'demo.ts', args: readonly string[]): ChildProcess {
  const program = path.join(import.meta.dirname, file);
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  const [errors] = await Promise.all([child.stderr === null ? '' : text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, errors };
}

test.each([
  ['"abc" is not a port', 'main.ts', ['--port', 'abc']],
  ['"65536" is not a port', 'main.ts', ['--port', '65536']],
  ['"photos.example" is no address of this machine', 'main.ts', ['--host', 'photos.example']],
  ['"203.0.113.9" is no address of this machine', 'main.ts', ['--host', '203.0.113.9']],
  ["Unknown option '--prot'", 'main.ts', ['--prot', '1']],
  ['"loud" is not a log level', 'main.ts', ['--log', 'loud']],
  ['"abc" is not a port', 'demo.ts', ['--port', 'abc']],
  ['"photos" stands alone', 'demo.ts', ['photos']],
  ['--photos needs at least one --selfie', 'demo.ts', ['--photos', '/nowhere']],
  ['The selfie /nowhere.jpg cannot be read', 'demo.ts', ['--selfie', '/nowhere.jpg']],
  ['There are no JPEG', 'demo.ts', ['--photos', folder, '--selfie', '/nowhere.jpg']],
] as const)('one sentence and a failure: %s (%s)', async (sentence, file, args) => {
  const { code, errors } = await outcomeOf(runCommand(file, args));
  expect(errors).toContain(sentence);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
});

test('a port that is taken is one sentence, said before any server is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const dataFolder = path.join(folder, 'port-taken');
  const { code, errors } = await outcomeOf(runCommand('main.ts', ['--port', `${port}`, '--data', dataFolder]));
  server.close();
  expect(errors).toBe(`Port ${port} cannot be used (address already in use): choose another one with --port.\n`);
  expect(code).toBe(1);
  expect(await readdir(dataFolder)).toEqual(['installation.json']);
});

test('a second start on the same folder is one sentence that names the first', async () => {
  const dataFolder = path.join(folder, 'in-use');
  await mkdir(dataFolder);
  const lock = await lockFolder(path.join(dataFolder, 'postgres'));
  const { code, errors } = await outcomeOf(runCommand('main.ts', ['--data', dataFolder]));
  await lock.release();
  expect(errors).toContain(`Kilas runs on ${dataFolder} already, as process ${process.pid}`);
  expect(code).toBe(1);
});

test('Ctrl-C during a start ends it, and leaves no server behind', async () => {
  const dataFolder = path.join(folder, 'stopped');
  const child = runCommand('main.ts', ['--port', '0', '--data', dataFolder]);
  const outcome = outcomeOf(child);
  await waitFor(async () => (await readdir(dataFolder).catch((): string[] => [])).includes('postgres.lock'), {
    what: 'the databases to be started',
    timeoutMs: 20_000,
  });
  child.kill('SIGINT');
  const { code, errors } = await outcome;
  expect(errors).toBe('');
  expect(code).toBe(130);
  expect(await readdir(dataFolder)).not.toContain('postgres.lock');
});
