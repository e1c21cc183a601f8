import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from '@kilas/cli/user-error.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

interface LockRecord {
  readonly holder: ProcessIdentity;
  readonly server?: ProcessIdentity;
}

export interface FolderLock {
  /** The database process that a holder who is gone had started; it may still live. */
  readonly previousServer: ProcessIdentity | undefined;
  /** Notes the database process, so that whoever takes the lock after us can find it. */
  recordServer(pid: number): Promise<void>;
  release(): Promise<void>;
}

/** The process that keeps this folder; undefined where none does. */
export async function findHolder(folder: string): Promise<number | undefined> {
  const found = parseRecord((await readIfThere(lockFileOf(folder))) ?? '');
  return found !== undefined && isAlive(found.holder) ? found.holder.pid : undefined;
}

/** Keeps a data folder to this process, by a file beside it; throws "… in use by process N" while its holder lives. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = lockFileOf(folder);
  const holder = identify(process.pid);
  if (holder === undefined) throw new Error('cannot read the start time of this process');
  let previousServer: ProcessIdentity | undefined;

  while (!(await createWhole(file, { holder }))) {
    const text = await readIfThere(file);
    if (text === undefined) continue;
    const found = parseRecord(text);
    if (found !== undefined && isAlive(found.holder)) {
      throw new UserError(`data folder ${folder} in use by process ${found.holder.pid}`);
    }
    if (await removeIfUnchanged(file, text)) previousServer = found?.server;
  }

  return {
    previousServer,
    recordServer: async (pid) => {
      const server = identify(pid);
      if (server === undefined) return;
      const draft = await writeDraft(file, { holder, server });
      await rename(draft, file);
    },
    release: () => rm(file, { force: true }),
  };
}

function lockFileOf(folder: string): string {
  return `${folder}.lock`;
}

/** A link appears with its whole content and only where nothing was: no one ever reads half a lock. */
async function createWhole(file: string, record: LockRecord): Promise<boolean> {
  const draft = await writeDraft(file, record);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(file: string, record: LockRecord): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  return draft;
}

/** Two processes may find the same dead holder: the slower one may have moved the faster one's lock, and puts it back. */
async function removeIfUnchanged(file: string, expected: string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
  const unchanged = (await readFile(aside, 'utf8')) === expected;
  if (!unchanged) await link(aside, file);
  await rm(aside);
  return unchanged;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseRecord(text: string): LockRecord | undefined {
  try {
    return JSON.parse(text) as LockRecord;
  } catch {
    return undefined;
  }
}
