import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { lowNiceness } from './lower-priority.ts';

const seen = z.object({
  threads: z.array(z.object({ niceness: z.number(), policy: z.number() })),
  session: z.string().optional(),
});
const schedIdle = 5;
// Where the tests themselves are lowered there is nothing to be seen.
const onLinux = test.runIf(process.platform === 'linux' && os.getPriority() < lowNiceness);

async function lowered(options: { detached?: boolean; before?: readonly string[]; path?: string } = {}) {
  const program = new URL('../testing/lowered-process.ts', import.meta.url).pathname;
  const [command = process.execPath, ...args] = [...(options.before ?? []), process.execPath, program];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: options.detached ?? false,
    env: { PATH: options.path ?? process.env.PATH },
  });
  const exited = once(child, 'exit');
  const output = await text(child.stdout);
  expect(await exited).toEqual([0, null]);
  return seen.parse(JSON.parse(output));
}

onLinux('all threads of a process are lowered, those that were there and those that come', async () => {
  const { threads } = await lowered();
  // The event loop, V8's, those for files, and a worker that was started afterwards.
  expect(threads.length).toBeGreaterThan(5);
  expect(new Set(threads.map(({ niceness }) => niceness))).toEqual(new Set([lowNiceness]));
});

onLinux('a process is not raised over what it was started with', async () => {
  const { threads } = await lowered({ before: ['nice', '-n', '15'] });
  expect(new Set(threads.map(({ niceness }) => niceness))).toEqual(new Set([os.getPriority() + 15]));
});

onLinux(
  'a process that leads a session lowers the session, and then each of its threads waits for those of others',
  async () => {
    const { threads, session } = await lowered({ detached: true });
    if (session === undefined) return;
    expect(session).toMatch(new RegExp(` nice ${lowNiceness}$`));
    expect(new Set(threads.map(({ policy }) => policy))).toEqual(new Set([schedIdle]));
  },
);

onLinux('a process that shares its session leaves the session alone, and takes its turn', async () => {
  const { threads, session } = await lowered();
  expect(session ?? '').not.toMatch(new RegExp(` nice ${lowNiceness}$`));
  expect(new Set(threads.map(({ policy }) => policy))).toEqual(new Set([0]));
});

onLinux('a machine that lacks chrt goes without', async () => {
  const { threads } = await lowered({ detached: true, path: '/nowhere' });
  expect(new Set(threads.map(({ niceness, policy }) => `${niceness} ${policy}`))).toEqual(
    new Set([`${lowNiceness} 0`]),
  );
});
