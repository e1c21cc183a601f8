// Puts faults into a copy of the tree, one at a time, and runs the tests that have to see each.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles } from './checks/list-files.ts';
import { linkPackages } from './link-packages.ts';
import { type Mutation, mutate, readMutations } from './mutations.ts';

const SCORE_MIN = 85;
/** What was found out, a file each: a run that was broken off goes on where it was. */
const MEMORY = 'node_modules/.cache/mutate';
/** Seconds that a fault has, beside four times what its tests take without it. */
const PATIENCE = 60;
/** Seconds that a test file has without a fault. */
const HANGING = 900;
const USAGE = `Usage: npm run mutate [-- options]

Puts faults of scripts/mutations.yaml into a copy of the tree and says which ones the tests see. Exit code 1 under ${SCORE_MIN} %.

  --only TEXT   only faults whose area, name or file holds the text; may be given more than once
  --fresh       forgets what was found out about files and tests that are still the same
  --list        names the faults and runs nothing
`;

/** Ends the tests that run now, which have a group of their own. */
let end: () => unknown = () => {};

type Outcome = 'killed' | 'timed out' | 'survived' | 'could not apply';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    fresh: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const chosen = readMutations().filter(({ area, name, file }) =>
  values.only.length === 0 ? true : values.only.some((part) => `${area}: ${name} ${file}`.includes(part)),
);
if (values.help) process.stdout.write(USAGE);
else if (values.list) for (const { area, name, file } of chosen) console.log(`${area}: ${name} (${file})`);
else process.exitCode = await run();

async function run(): Promise<number> {
  mkdirSync(MEMORY, { recursive: true });
  const keys = new Map(chosen.map((mutation) => [mutation, join(MEMORY, keyOf(mutation))]));
  const outcomes = new Map([...keys].map(([mutation, file]) => [mutation, values.fresh ? undefined : recall(file)]));
  const open = chosen.filter((mutation) => outcomes.get(mutation) === undefined);
  const folder = mkdtempSync(join(tmpdir(), 'kilas-mutate-'));
  process.once('exit', () => {
    end();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  if (open.length > 0) copyTree(folder);
  const limits = new Map<string, number>();
  const startedAt = performance.now();
  for (const [done, mutation] of open.entries()) {
    const outcome = await judge(folder, mutation, limits);
    outcomes.set(mutation, outcome);
    if (outcome !== 'could not apply') writeFileSync(keys.get(mutation) ?? '', outcome);
    const each = (performance.now() - startedAt) / (done + 1);
    const left = Math.ceil((each * (open.length - done - 1)) / 60_000);
    console.log(`${done + 1}/${open.length} ${outcome}: ${mutation.area}: ${mutation.name} (${left} min left)`);
  }
  return report(outcomes);
}

async function judge(folder: string, mutation: Mutation, limits: Map<string, number>): Promise<Outcome> {
  const [path, tests] = [join(folder, mutation.file), mutation.tests];
  try {
    let limitSeconds = 0;
    for (const test of tests) limitSeconds += limits.get(test) ?? (await measure(folder, test, limits));
    const code = readFileSync(path, 'utf8');
    writeFileSync(path, mutate(mutation, code));
    const ended = await vitest(folder, [...tests, '--bail=1'], limitSeconds);
    writeFileSync(path, code);
    return ended === 0 ? 'survived' : ended === 'timed out' ? ended : 'killed';
  } catch (error) {
    console.log(String(error));
    return 'could not apply';
  }
}

/** How long a test may take with a fault, in seconds. Throws for one that is red without: it could see none. */
async function measure(folder: string, test: string, limits: Map<string, number>): Promise<number> {
  const startedAt = performance.now();
  const ended = await vitest(folder, [test], HANGING);
  if (ended !== 0) throw new Error(`${test} is red without a fault: ${ended}`);
  const limitSeconds = PATIENCE + (4 * (performance.now() - startedAt)) / 1000;
  limits.set(test, limitSeconds);
  return limitSeconds;
}

/** Answers the exit code. */
function vitest(folder: string, args: readonly string[], limitSeconds: number): Promise<number | 'timed out'> {
  return new Promise((done) => {
    const line = ['node_modules/vitest/vitest.mjs', 'run', ...args];
    const child = spawn(process.execPath, line, { cwd: folder, stdio: 'ignore', detached: true });
    end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, limitSeconds * 1000);
    child.once('close', (code) => {
      clearTimeout(timer);
      end = () => {};
      done(isLate ? 'timed out' : (code ?? 1));
    });
  });
}

function copyTree(folder: string): void {
  for (const file of listFiles('.')) cpSync(file, join(folder, file));
  linkPackages(folder);
}

/** The same while the fault, its file and its tests are. */
function keyOf({ file, find, replace, tests }: Mutation): string {
  const hash = createHash('sha256').update(JSON.stringify([find, replace]));
  for (const path of [file, ...tests]) hash.update(existsSync(path) ? readFileSync(path) : '');
  return hash.digest('hex');
}

function recall(file: string): Outcome | undefined {
  const known = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  return (['killed', 'timed out', 'survived'] as const).find((outcome) => outcome === known);
}

function report(outcomes: ReadonlyMap<Mutation, Outcome | undefined>): number {
  const all = [...outcomes].map(([{ area, name }, outcome]) => ({ area, name, outcome }));
  const isSeen = ({ outcome }: { outcome: Outcome | undefined }) => outcome === 'killed' || outcome === 'timed out';
  for (const [area, own] of Map.groupBy(all, (one) => one.area))
    console.log(`${area.padEnd(10)} ${own.filter(isSeen).length} of ${own.length} seen`);
  for (const { area, name, outcome } of all.filter((one) => !isSeen(one))) console.log(`${outcome}: ${area}: ${name}`);
  const score = (100 * all.filter(isSeen).length) / Math.max(1, all.length);
  console.log(`score: ${score.toFixed(1)} % of ${all.length} (at least ${SCORE_MIN} %)`);
  return score < SCORE_MIN || all.some(({ outcome }) => outcome === 'could not apply') ? 1 : 0;
}
