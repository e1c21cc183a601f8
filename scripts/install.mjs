// Makes node_modules what package-lock.json says. Runs on Node 20 with nothing installed: imports nothing but node:*.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[] }} Locked */

// Beside node_modules, which `npm ci` deletes.
const LOCK = '.kilas-installing';
const BEAT_MS = 1_000;
// A holder that has not touched its lock for so long is gone.
const STALE_MS = 10_000;
// The first version that runs .ts files without a flag.
const NODE_MIN = [22, 18];

if (!isInstalled()) process.exitCode = await takeTurn(async () => (isInstalled() ? 0 : install()));
if (!process.exitCode && !isNewEnough(process.versions.node)) process.exitCode = findNode();

/** npm keeps a lock file in node_modules of what it has installed, and writes it last. */
function isInstalled() {
  const [locked, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(readPackages);
  if (!locked || !installed) return false;
  return (
    Object.entries(locked).every(([path, { optional }]) => path === '' || optional || path in installed) &&
    Object.entries(installed).every(([path, { version, integrity, os, cpu }]) => {
      // A folder that was copied from another machine has that machine's packages.
      const isOurs =
        (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch);
      return isOurs && locked[path]?.version === version && locked[path]?.integrity === integrity;
    })
  );
}

/** @param {string} file @returns {Record<string, Locked> | undefined} */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** Answers the exit code of npm. */
async function install() {
  process.stderr.write('Installing dependencies (about a minute)…\n');
  // npm must not run on a Node.js that it is about to delete.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const env = { ...process.env, PATH: path.join(delimiter), ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = spawn('npm', args, { env, stdio: ['ignore', 2, 2] });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => npm.kill('SIGTERM'));
  const [code] = await once(npm, 'close');
  return code ?? 130;
}

/** One installation at a time in this folder.
 * @param {() => Promise<number>} act */
async function takeTurn(act) {
  for (let isFirst = true; !lock(); isFirst = false) {
    if (isFirst) process.stderr.write('Waiting for another installation in this folder…\n');
    await sleep(BEAT_MS / 2);
  }
  const beat = setInterval(() => existsSync(LOCK) && utimesSync(LOCK, new Date(), new Date()), BEAT_MS);
  try {
    return await act();
  } finally {
    clearInterval(beat);
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function lock() {
  try {
    const touched = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - touched > STALE_MS) rmdirSync(LOCK);
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['EEXIST', 'ENOENT'].includes(String(error.code))) return false;
    throw error;
  }
}

function findNode() {
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8' });
  if (isNewEnough(stdout.slice(1))) return 0;
  process.stderr.write(`No Node.js comes with Kilas for ${process.platform}-${process.arch}, and this one is `);
  process.stderr.write(
    `${process.version}. Install Node.js ${NODE_MIN.join('.')} or newer and run the command again.\n`,
  );
  return 1;
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin = 0, minorMin = 0] = NODE_MIN;
  return major > majorMin || (major === majorMin && minor >= minorMin);
}
