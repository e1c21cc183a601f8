import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

/** With no program in it. */
const folder = mkdtempSync(path.join(tmpdir(), 'kilas-no-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, env: Record<string, string | undefined> = process.env) {
  const [program = '', ...args] = command.split(' ');
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { env, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

test.each(['apps/cluster/src/main.ts', 'bench/drill/main.ts', 'bench/main.ts isolation'])(
  'without redis-server %s is one sentence that says what to do, and exit code 1',
  (command) => {
    const { status, output } = run(command, { PATH: folder });
    const canName = command.includes('cluster') ? ', or name a server with --redis' : '';
    expect(output).toBe(
      `redis-server is not on this machine: install it (Debian: apt install redis-server; macOS: brew install redis)${canName}.\n`,
    );
    expect(status).toBe(1);
  },
);

test.each([
  ['bench/main.ts faces --fast', "Unknown option '--fast': npm run bench -- faces -- --help lists what there is."],
  ['bench/main.ts faces --only all', '--only takes speed, recall, turned, memory, not "all".'],
  ['bench/main.ts isolation extra', "Unexpected argument 'extra'"],
  ['bench/main.ts isolation --seconds x', '--seconds takes a whole number from 5 to 600, not "x".'],
  ['bench/main.ts outbox --keys some', '--keys takes few and all, not "some".'],
  ['bench/main.ts rpc --calls 1.5', '--calls takes a whole number from 1 to 1000000, not "1.5".'],
  ['bench/main.ts search --faces 2,1', '--faces takes the smaller sizes first.'],
  ['bench/main.ts search --seed', "Option '--seed <value>' argument missing"],
  ['bench/main.ts web --only all', '--only takes load, scroll, code, not "all".'],
  ['apps/operator/src/main.ts secrets --publc-url x', "Unknown option '--publc-url'"],
  ['apps/operator/src/main.ts secrets --public-url http://a --to /nowhere/x', '/nowhere/x cannot be written (no such'],
])('one sentence and exit code 1: %s', (command, sentence) => {
  const { status, output } = run(command);
  expect(output).toContain(sentence);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(1);
});
