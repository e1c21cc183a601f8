import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { identify } from '@kilas/embedded/process-identity.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startInstallation } from './start-installation.ts';

const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-main-'));
const timeoutMs = 120_000;

afterAll(() => rm(dataFolder, { recursive: true, force: true }));

/** `npm start` on the folder of this file; answers when it is ready. */
async function start(): Promise<{ child: ChildProcess; ended: Promise<number | null>; servers: number[] }> {
  const port = await findFreePort();
  const main = new URL('./main.ts', import.meta.url).pathname;
  const args = [main, '--port', String(port), '--data', dataFolder, '--log', 'silent'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      printed += text.toString();
    });
  }
  const ended = once(child, 'exit').then(([code]) => z.number().nullable().parse(code));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`the run ended with code ${child.exitCode}: ${printed}`);
      return (await fetch(`http://localhost:${port}/readyz`).catch(() => undefined))?.ok;
    },
    { what: 'the run to be ready', timeoutMs },
  ).catch((error: Error) => {
    throw new Error(`${error.message}; it printed: ${printed.slice(-2000)}`);
  });
  const record = z.object({ server: z.object({ pid: z.number() }) });
  const faces = record.parse(JSON.parse(await readFile(path.join(dataFolder, 'faces.lock'), 'utf8'))).server.pid;
  const postgres = Number((await readFile(path.join(dataFolder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  return { child, ended, servers: [postgres, faces] };
}

test('when a database ends by itself the run says so by its exit code, and stops what is left', {
  timeout: 2 * timeoutMs,
}, async () => {
  const { ended, servers } = await start();
  process.kill(servers[1] ?? 0, 'SIGKILL');
  expect(await ended).toBe(1);
  expect(servers.map(identify)).toEqual([undefined, undefined]);
});

test('closing the terminal stops everything', { timeout: 2 * timeoutMs }, async () => {
  const { child, ended, servers } = await start();
  child.kill('SIGHUP');
  expect(await ended).toBe(0);
  expect(servers.map(identify)).toEqual([undefined, undefined]);
});

test('a start that fails leaves no database running', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-main-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, 'postgres'));
  await writeFile(path.join(folder, 'postgres', 'holiday.jpg'), '');
  const failed = startInstallation({ dataFolder: folder, port: 0, logLevel: 'silent', onProgress: () => {} });
  await expect(failed).rejects.toThrow('neither empty nor a data folder');
  expect(existsSync(path.join(folder, 'faces.lock'))).toBe(false);
});

test('the model pack that the environment names is the one that is opened', { timeout: 2 * timeoutMs }, async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-main-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const start = (env: Env) =>
    startInstallation({ dataFolder: folder, port: 0, logLevel: 'silent', env, onProgress: () => {} });
  await expect(start({ FACE_PACK: 'one-that-was-brought' })).rejects.toThrow('PACKS_FOLDER: expected');
  await expect(start({ AI_PACK: 'dlib-128-v1' })).rejects.toThrow('AI_PACK: is called FACE_PACK now');
});
