// Runs on Node 20 with nothing installed: imports nothing but node:*.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, os?: string | string[], cpu?: string | string[] }} Locked */
/** @typedef {Record<string, unknown> & { workspaces?: string[] }} Manifest */

const LOCK_BEAT_MS = 5_000;
// A holder that has not touched its lock for so long is gone, whatever now runs under its pid.
const LOCK_STALE_MS = 60_000;
const PROGRESS_LINE_S = 10;
const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const FINGERPRINT_FIELDS = ['name', 'workspaces', ...DEPENDENCY_FIELDS, 'overrides', 'allowScripts'];

/** After it, node_modules is what package-lock.json says. Throws an InstallError with the exit code of npm otherwise.
 * @param {string} root */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  const release = await acquireLock(root);
  try {
    if (isInstalled(root)) return;
    await runNpmCi(root);
    fs.writeFileSync(stampPath(root), fingerprint(root));
  } finally {
    release();
  }
}

export class InstallError extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @param {string} root */
function isInstalled(root) {
  if (readText(stampPath(root)) === fingerprint(root)) return true;
  const installed = readJson(join(root, 'node_modules/.package-lock.json'));
  if (!installed) return false;
  const behind = listUnlocked(root);
  if (behind.length > 0) {
    // `npm ci` would refuse; what is installed is the best there is until somebody runs `npm install`.
    process.stderr.write(`package-lock.json is behind ${behind.join(', ')}: run npm install\n`);
    return true;
  }
  if (!matchesLock(root, installed.packages)) return false;
  fs.writeFileSync(stampPath(root), fingerprint(root));
  return true;
}

/** Whether an installation that npm made by hand is the one the lock file describes.
 * @param {string} root @param {Record<string, Locked>} installed */
function matchesLock(root, installed) {
  /** @type {Record<string, Locked>} */
  const locked = readJson(join(root, 'package-lock.json')).packages;
  const complete = Object.entries(locked).every(([path, entry]) => {
    if (path === '' || entry.optional) return true;
    return path in installed && fs.existsSync(join(root, path));
  });
  return (
    complete &&
    Object.entries(installed).every(([path, entry]) => {
      const wanted = locked[path];
      if (!wanted || !suitsThisMachine(entry)) return false;
      return wanted.version === entry.version && wanted.integrity === entry.integrity && wanted.link === entry.link;
    })
  );
}

/** False for a folder that came from another machine: a copied or mounted node_modules.
 * @param {Locked} entry */
function suitsThisMachine(entry) {
  return allows(entry.os, process.platform) && allows(entry.cpu, process.arch);
}

/** @param {string | string[] | undefined} list @param {string} own */
function allows(list, own) {
  const names = list === undefined ? [] : [list].flat();
  if (names.includes(`!${own}`)) return false;
  return names.every((name) => name.startsWith('!')) || names.includes(own) || names.includes('any');
}

/** The manifests whose dependencies the lock file does not know as they are.
 * @param {string} root @returns {string[]} */
export function listUnlocked(root) {
  const locked = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  return listManifests(root).filter((file) => {
    const folder = file === 'package.json' ? '' : file.slice(0, -'/package.json'.length);
    const entry = locked[folder];
    const manifest = readJson(join(root, file));
    if (!entry) return true;
    if (folder !== '' && locked[`node_modules/${manifest.name}`]?.resolved !== folder) return true;
    return DEPENDENCY_FIELDS.some((field) => canonical(manifest[field] ?? {}) !== canonical(entry[field] ?? {}));
  });
}

/** The package.json of the root and of every workspace, relative to the root.
 * @param {string} root @returns {string[]} */
export function listManifests(root) {
  /** @type {string[]} */
  const patterns = readJson(join(root, 'package.json')).workspaces ?? [];
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    if (!fs.existsSync(join(root, parent))) return [];
    return fs.readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  });
  const files = folders.sort().map((folder) => `${folder}/package.json`);
  return ['package.json', ...files.filter((file) => fs.existsSync(join(root, file)))];
}

/** @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256');
  hash.update(`${process.platform} ${process.arch}\n`);
  hash.update(readText(join(root, 'package-lock.json')) ?? '');
  for (const file of listManifests(root)) {
    const manifest = readJson(join(root, file));
    // Scripts and descriptions may change without a new installation.
    hash.update(`${file} ${canonical(FINGERPRINT_FIELDS.map((field) => manifest[field]))}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules/.kilas-installed');
}

/** @param {string} root */
async function runNpmCi(root) {
  const started = Date.now();
  const elapsed = () => Math.round((Date.now() - started) / 1000);
  process.stderr.write('Installing dependencies (about a minute)…\n');
  const timer = setInterval(() => {
    if (process.stderr.isTTY) process.stderr.write(`\r  ${elapsed()} s `);
    else if (elapsed() % PROGRESS_LINE_S === 0) process.stderr.write(`  ${elapsed()} s\n`);
  }, 1_000);
  const { code, output } = await captureNpm(root, ['ci', '--include=dev', '--include=optional']);
  clearInterval(timer);
  if (process.stderr.isTTY) process.stderr.write('\r');
  if (code !== 0) throw new InstallError(`${withoutEngines(output)}\nnpm ci failed with code ${code}.`, code);
  process.stderr.write(`Installed in ${elapsed()} s.\n`);
}

/** npm warns of every package that wants a newer Node.js than the one that installs; the one that runs them is among them.
 * @param {string} output */
function withoutEngines(output) {
  return output.replaceAll(/^npm warn EBADENGINE.*\n/gim, '');
}

/** npm with its output kept back: on success it says nothing but warnings.
 * @param {string} root @param {string[]} args @returns {Promise<{ code: number, output: string }>} */
function captureNpm(root, args) {
  const { npm_execpath: cli, ...inherited } = process.env;
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...inherited, PATH: pathWithout(join(root, 'node_modules')), ONNXRUNTIME_NODE_INSTALL: 'skip' };
  for (const name of Object.keys(env)) {
    // `npm test --workspace x` must not install x alone.
    if (/^npm_config_workspaces?$/.test(name)) delete env[name];
  }
  const own = cli?.endsWith('npm-cli.js') && fs.existsSync(cli) ? ['node', cli] : ['npm'];
  const [command = 'npm', ...rest] = [...own, ...args];
  return new Promise((resolve) => {
    const child = spawn(command, rest, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const stop = () => child.kill('SIGTERM');
    process.on('SIGTERM', stop);
    // Ctrl-C reaches npm by itself; this process waits for it, and then gives the lock back.
    process.on('SIGINT', stop);
    const settle = (/** @type {number} */ code) => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      resolve({ code, output });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => {
      output += `${error.message}: npm comes with Node.js, https://nodejs.org`;
      settle(127);
    });
    child.on('close', (code) => settle(code ?? 130));
  });
}

/** The PATH without a folder that `npm ci` is about to delete.
 * @param {string} folder */
function pathWithout(folder) {
  const entries = (process.env.PATH ?? '').split(delimiter);
  return entries.filter((entry) => !entry.startsWith(folder)).join(delimiter);
}

/** One installation at a time per folder. The lock lies outside of node_modules, which `npm ci` deletes.
 * @param {string} root @returns {Promise<() => void>} */
async function acquireLock(root) {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `kilas-install-${process.getuid?.() ?? 0}-${id}.lock`);
  const mine = `${path}.${process.pid}`;
  let waiting = false;
  for (;;) {
    fs.writeFileSync(mine, String(process.pid));
    try {
      // A link appears with its content, and only if there was none: nobody ever reads an empty lock.
      fs.linkSync(mine, path);
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    } finally {
      fs.rmSync(mine, { force: true });
    }
    if (takeOverStale(path, mine)) continue;
    if (!waiting) process.stderr.write('Waiting for another installation in this folder…\n');
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const beat = setInterval(() => touch(path), LOCK_BEAT_MS);
  return () => {
    clearInterval(beat);
    if (readText(path) === String(process.pid)) fs.rmSync(path, { force: true });
  };
}

/** Removes the lock of a dead process; false when its holder lives.
 * @param {string} path @param {string} aside */
function takeOverStale(path, aside) {
  const holder = readText(path);
  if (holder === undefined) return true;
  if (isAlive(Number(holder)) && ageMs(path) < LOCK_STALE_MS) return false;
  try {
    fs.renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return true;
    throw error;
  }
  // Two may find the same dead lock: the slower one has then moved the new lock of the faster, and puts it back.
  if (readText(aside) !== holder) fs.linkSync(aside, path);
  fs.rmSync(aside, { force: true });
  return true;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** @param {string} path */
function ageMs(path) {
  return Date.now() - (fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  if (fs.existsSync(path)) fs.utimesSync(path, now, now);
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** @param {string} path */
function readText(path) {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** @param {string} path */
function readJson(path) {
  const text = readText(path);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The same text for the same content, in whatever order its keys were written.
 * @param {unknown} value @returns {string} */
function canonical(value) {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
