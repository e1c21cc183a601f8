import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UserError } from '@kilas/cli/user-error.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import type { Launch } from './account-launch.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { Account } from './server-account.ts';

/** The superuser; only this package connects as it. */
export const ADMIN_ROLE = 'postgres';

interface ClusterOptions {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly account: Account | undefined;
  readonly launch: Launch;
  readonly durable: boolean;
}

/** Initialises the data folder unless that was done before; returns its password, kept in a file beside it. */
export async function openCluster(options: ClusterOptions): Promise<string> {
  const { dataDir } = options;
  const passwordFile = `${dataDir}.password`;
  const found = await listIfThere(dataDir);
  if (found.includes('PG_VERSION')) return readPassword(passwordFile);
  if (found.length > 0) throw new UserError(`${dataDir} is neither empty nor a data folder of PostgreSQL`);

  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await initialise(options, passwordFile);
  return password;
}

/** Works in a folder of its own and renames it when complete, so that an interrupted start leaves no half-made data folder. */
async function initialise(options: ClusterOptions, passwordFile: string): Promise<void> {
  const { dataDir, binaries, account, launch, durable } = options;
  await removeDrafts(dataDir);
  // Of a name never used before: the initdb of a parent that was killed may still write to an older one.
  const draft = await mkdtemp(draftPrefix(dataDir));
  if (account !== undefined) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  // The built-in provider sorts the same on every system, so an upgrade of the C library cannot spoil an index.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${ADMIN_ROLE}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const args = [`--pgdata=${draft}`, ...locale, ...access, ...(durable ? [] : ['--no-sync'])];
  const initdb = launch(binaries.initdb, args, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const [code, errors] = await Promise.all([
    new Promise((resolve, reject) => initdb.once('error', reject).once('close', resolve)),
    initdb.stderr === null ? '' : text(initdb.stderr),
  ]);
  if (code !== 0) throw new Error(`initdb failed with ${code}:\n${errors.trim()}`);
  await rename(draft, dataDir);
}

function draftPrefix(dataDir: string): string {
  return `${dataDir}.new-`;
}

async function removeDrafts(dataDir: string): Promise<void> {
  const parent = dirname(dataDir);
  for (const name of await readdir(parent)) {
    if (name.startsWith(basename(draftPrefix(dataDir)))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    throw new UserError(
      `${file} is missing: restore it, for without it nobody can log in to the data folder beside it`,
    );
  }
}

async function listIfThere(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
