import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const CONFIGS = ['.dependency-cruiser.mjs', 'buf.yaml', 'buf.gen.yaml'];
const WORKSPACES: Record<string, string[]> = {
  'packages/contracts': [],
  'packages/face-engine': ['onnxruntime-node', 'sharp'],
  'packages/installation': [],
  'packages/pictures': ['sharp'],
  'packages/platform': ['kysely'],
  'packages/testkit': [],
  'services/ai': [],
  'services/photo': ['kysely'],
  'services/user': ['kysely'],
  'apps/cluster': [],
  'apps/standalone': [],
  'apps/web': [],
};

export interface Outcome {
  green: boolean;
  output: string;
}

/** A small Kilas that keeps every rule, in a folder of its own: a violation is seeded there and never in the real tree. */
export interface SampleTree {
  folder: string;
  write(file: string, text: string): void;
  generate(): void;
  /** Commits what is there and gives it a tag. */
  release(tag: string): void;
  /** Runs scripts/checks/<name>.ts on the tree. */
  check(
    name: 'borders' | 'files' | 'generated' | 'house' | 'migrations' | 'trade-words',
    env?: Record<string, string>,
  ): Outcome;
  [Symbol.dispose](): void;
}

export function makeSampleTree(files: Record<string, string>): SampleTree {
  const folder = mkdtempSync(join(tmpdir(), 'kilas-sample-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const file of CONFIGS) copyFileSync(join(ROOT, file), join(folder, file));
  writeManifests(write);
  linkPackages(folder);
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    folder,
    write,
    generate: () => {
      const { green, output } = run(folder, 'buf', ['generate']);
      if (!green) throw new Error(output);
    },
    release: (tag) => {
      const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
      for (const args of [
        ['init', '-q'],
        ['add', 'services'],
        [...as, 'commit', '-qm', tag],
        ['tag', tag],
      ]) {
        const { green, output } = run(folder, 'git', args);
        if (!green) throw new Error(output);
      }
    },
    check: (name, env) => run(folder, process.execPath, [join(ROOT, 'scripts/checks', `${name}.ts`)], env),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writeManifests(write: SampleTree['write']): void {
  const root = { name: 'sample', workspaces: ['packages/*', 'services/*', 'apps/*'] };
  const locked: Record<string, unknown> = { '': root };
  write('package.json', JSON.stringify(root));
  for (const [folder, packages] of Object.entries(WORKSPACES)) {
    const name = `@kilas/${folder.split('/')[1]}`;
    const dependencies = Object.fromEntries(packages.map((dependency) => [dependency, '1.0.0']));
    write(
      `${folder}/package.json`,
      JSON.stringify({ name, type: 'module', exports: { './*': './src/*' }, dependencies }),
    );
    locked[folder] = { name, dependencies };
    locked[`node_modules/${name}`] = { resolved: folder, link: true };
  }
  write('package-lock.json', JSON.stringify({ packages: locked }));
}

/** The packages of npm are the real ones; those of ours are the sample's. */
function linkPackages(folder: string): void {
  const target = join(folder, 'node_modules');
  mkdirSync(join(target, '@kilas'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@kilas') symlinkSync(join(ROOT, 'node_modules', name), join(target, name));
  }
  for (const workspace of Object.keys(WORKSPACES)) {
    symlinkSync(join('../..', workspace), join(target, '@kilas', workspace.split('/')[1] ?? ''));
  }
}

function run(folder: string, program: string, args: string[], extra: Record<string, string> = {}): Outcome {
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const env = { ...process.env, ...extra, PATH: path };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  return { green: status === 0, output: `${stdout}${stderr}` };
}
