// Everything that can be said about the code without running it. `npm run check -- types borders` runs some of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

interface Step {
  name: string;
  commands: string[][];
  /** What it says is shown when it is green too, as it is of a step that was asked for by name. */
  hasNotes?: boolean;
}

interface Outcome {
  step: Step;
  failed: boolean;
}

// A browser's code has types of its own.
const PROJECTS = ['tsconfig.json', 'apps/web/tsconfig.json'].filter((file) => existsSync(file));

/** What tsc found of a file holds until it or one that it imports changes. */
function remembering(project: string): string[] {
  return ['--incremental', '--tsBuildInfoFile', `node_modules/.cache/tsc/${project.replaceAll('/', '-')}.tsbuildinfo`];
}

const STEPS: Step[] = [
  { name: 'lint', commands: [['biome', 'check', '--error-on-warnings', '--max-diagnostics=100']] },
  { name: 'types', commands: PROJECTS.map((file) => ['tsc', '-p', file, '--noEmit', ...remembering(file)]) },
  { name: 'borders', commands: [['node', 'scripts/checks/borders.ts']] },
  { name: 'proto', commands: [['buf', 'lint']] },
  {
    name: 'generated',
    commands: [
      ['node', 'scripts/checks/generated.ts'],
      ['node', 'scripts/checks/route-tree.ts'],
    ],
  },
  { name: 'migrations', commands: [['node', 'scripts/checks/migrations.ts']], hasNotes: true },
  {
    name: 'house',
    commands: [
      ['node', 'scripts/checks/house.ts'],
      ['node', 'scripts/checks/trade-words.ts'],
    ],
  },
  { name: 'files', commands: [['node', 'scripts/checks/files.ts']] },
];

const running = new Set<ChildProcess>();
process.once('SIGTERM', () => {
  for (const child of running) child.kill();
  process.exit(143);
});
process.exitCode = await check(process.argv.slice(2));

async function check(names: string[]): Promise<number> {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`There is no step ${unknown.join(', ')}. Steps: ${STEPS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const steps = names.length === 0 ? STEPS : STEPS.filter(({ name }) => names.includes(name));
  // All at once: the longest, the types, takes about as long as the others one after the other.
  const outcomes = await Promise.all(steps.map((step) => runStep(step, names.length > 0)));
  const failed = outcomes.filter((outcome) => outcome.failed).map(({ step }) => step.name);
  console.log(failed.length === 0 ? `All ${steps.length} steps are ok.` : `Failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

async function runStep(step: Step, isNamed: boolean): Promise<Outcome> {
  const started = performance.now();
  let failed = false;
  let output = '';
  for (const command of step.commands) {
    const result = await capture(command);
    failed ||= result.code !== 0;
    output += result.output;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${failed ? 'failed' : 'ok'.padEnd(6)}  ${step.name.padEnd(10)} ${seconds} s`);
  if (output !== '' && (failed || isNamed || step.hasNotes)) console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  return { step, failed };
}

function capture([program = '', ...args]: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        output += chunk;
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}
