// What every npm script calls. Runs on Node 20 with nothing installed: installs what is missing, then runs the command
// with the Node.js that the lock file names.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, InstallError } from './install.mjs';
import { runChild } from './run-child.mjs';

/** @typedef {{ about: string, line: string[], env?: Record<string, string> }} Command */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
// The first version that runs .ts files without a flag.
const NODE_MIN = [22, 18];

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: { about: 'starts Kilas: all services in one process', line: ['node', 'apps/standalone/src/main.ts'] },
  demo: { about: 'starts Kilas with a demonstration event', line: ['node', 'apps/standalone/src/demo.ts'] },
  cluster: { about: 'starts the distributed run on this machine', line: ['node', 'apps/cluster/src/main.ts'] },
  provision: { about: 'makes databases and roles', line: ['node', 'apps/operator/src/main.ts', 'provision'] },
  secrets: {
    about: 'makes the secrets of an installation on containers',
    line: ['node', 'apps/operator/src/main.ts', 'secrets'],
  },
  backup: { about: 'backs an installation up', line: ['node', 'apps/operator/src/main.ts', 'backup'] },
  restore: { about: 'restores a backup', line: ['node', 'apps/operator/src/main.ts', 'restore'] },
  reconcile: {
    about: 'compares the databases with each other and with the objects',
    line: ['node', 'apps/operator/src/main.ts', 'reconcile'],
  },
  quarantine: {
    about: 'lists pictures that killed processes, and lets them go',
    line: ['node', 'apps/operator/src/main.ts', 'quarantine'],
  },
  jobs: {
    about: 'lists jobs and events that failed; tries them again, acknowledges them',
    line: ['node', 'apps/operator/src/main.ts', 'jobs'],
  },
  faces: {
    about: 'measures, explains and calibrates the recognition of faces',
    line: ['node', 'apps/faces/src/main.ts'],
  },
  bench: { about: 'measures; -- <name> for one of bench/', line: ['node', 'bench/main.ts'] },
  drill: { about: 'injects faults into a cluster under load', line: ['node', 'bench/drill/main.ts'] },
  check: { about: 'format, lint, types, borders, contracts; -- <step>… for some', line: ['node', 'scripts/check.ts'] },
  test: { about: 'the tests; -- <path>… for some', line: ['node', 'scripts/test.ts'] },
  'test:long': {
    about: 'the tests that take minutes',
    line: ['node', 'scripts/test.ts'],
    env: { KILAS_TESTS: 'long' },
  },
  'test:previous': {
    about: 'the tests of the latest release on the migrations of now',
    line: ['node', 'scripts/previous-tests.ts'],
  },
  mutate: {
    about: 'puts faults into a copy and says which ones the tests see',
    line: ['node', '--disable-warning=ExperimentalWarning', 'scripts/mutate.ts'],
  },
  gen: { about: 'generates packages/contracts from proto/', line: ['buf', 'generate'] },
  format: {
    about: 'formats the code and sorts its imports',
    line: ['biome', 'check', '--write', '--linter-enabled=false'],
  },
};

process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} argv @returns {Promise<number>} */
async function main([name, ...args]) {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(`There is no command "${name}".\n\n${usage()}`);
    return 2;
  }
  try {
    await ensureInstalled(ROOT);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  return runCommand(command, args);
}

/** @param {Command} command @param {string[]} args @returns {Promise<number>} */
async function runCommand({ line, env }, args) {
  const node = findNode();
  if (!node) {
    const wanted = `${NODE_MIN.join('.')} or newer`;
    process.stderr.write(`No Node.js comes with Kilas for ${process.platform}-${process.arch}, and this one is `);
    process.stderr.write(`${process.version}. Install Node.js ${wanted} and run the command again.\n`);
    return 1;
  }
  const bin = join(ROOT, 'node_modules/.bin');
  const path = [dirname(node), bin, process.env.PATH ?? ''].join(delimiter);
  const [program = 'node', ...fixed] = line;
  const executable = program === 'node' ? node : join(bin, program);
  return runChild(executable, [...fixed, ...args], { cwd: ROOT, env: { ...process.env, ...env, PATH: path } });
}

/** The Node.js of the installation, or the one that runs this file where there is none for the platform. */
function findNode() {
  const own = join(ROOT, 'node_modules/.bin/node');
  if (existsSync(own) && runs(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [majorMin = 0, minorMin = 0] = NODE_MIN;
  return major > majorMin || (major === majorMin && minor >= minorMin) ? process.execPath : undefined;
}

/** False for a binary of another C library, as on Alpine. @param {string} node */
function runs(node) {
  if (realpathSync(node) === process.execPath) return true;
  return spawnSync(node, ['--version']).status === 0;
}

function usage() {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`);
  return `Usage: npm run <command> [-- arguments]\n\n${lines.join('\n')}\n`;
}
