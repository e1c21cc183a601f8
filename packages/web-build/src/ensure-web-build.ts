import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { compressFiles } from './compress-files.ts';
import { removeOldBuilds, unfinishedPrefix } from './remove-old-builds.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const app = path.join(root, 'apps/web');
const cache = path.join(root, 'node_modules/.cache/web');
/** What the built app is made of, beside its own folder. */
const alsoRead = ['package-lock.json', 'packages/client/src/gen/api.ts'];

/**
 * The folder of the built web app: that of before when no source has changed, else a new one, which takes some seconds. Several
 * processes may ask at once. Throws a UserError with what the build said when it fails.
 */
export async function ensureWebBuild(options: { onProgress: (message: string) => void }): Promise<string> {
  const folder = path.join(cache, await hashSources());
  if (existsSync(folder)) return folder;
  options.onProgress('building the web app');
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(path.join(cache, unfinishedPrefix));
  try {
    await build(temporary);
    await compressFiles(temporary);
    // Another process may have been quicker: then its build is the same.
    await rename(temporary, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  await removeOldBuilds(cache, folder);
  return folder;
}

async function hashSources(): Promise<string> {
  const files: string[] = [];
  for await (const file of glob('{index.html,*.ts,package.json,src/**/*,public/**/*}', {
    cwd: app,
    withFileTypes: true,
  })) {
    if (file.isFile()) files.push(path.join(file.parentPath, file.name));
  }
  const hash = createHash('sha256');
  for (const file of [...files.sort(), ...alsoRead.map((name) => path.join(root, name))]) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function build(outDir: string): Promise<void> {
  const vite = path.join(path.dirname(createRequire(path.join(app, 'x')).resolve('vite/package.json')), 'bin/vite.js');
  // Else a test that builds first, whose NODE_ENV is "test", would leave a heavier build for all who come later.
  const env = { ...process.env, NODE_ENV: 'production' };
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new UserError(`The web app cannot be built: ${said.trim()}`));
    });
  });
}
