import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { UserError } from '@kilas/cli/user-error.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';

/** An account of the operating system. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const ownAccount = 'kilas';

/**
 * The account for the server of this data folder; undefined means the one we run under. PostgreSQL refuses root: as root
 * it is the folder's owner, else `kilas` or `postgres` where there is one, else a new `kilas`, else `nobody`.
 */
export async function chooseServerAccount(dataDir: string): Promise<Account | undefined> {
  const owner = await ownerOf(dataDir);
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) {
    if (owner === undefined || owner.uid === uid) return undefined;
    throw new UserError(
      `data folder ${dataDir} belongs to user id ${owner.uid}: start Kilas as that user, or chown it`,
    );
  }
  if (owner !== undefined && owner.uid !== 0) return owner;
  return (await findAccount(ownAccount)) ?? (await findAccount('postgres')) ?? (await createAccount());
}

async function createAccount(): Promise<Account> {
  // A failure is not looked at: useradd may be absent, or another start may have been faster.
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', ownAccount], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
  });
  const account = (await findAccount(ownAccount)) ?? (await findAccount('nobody'));
  if (account === undefined)
    throw new UserError('PostgreSQL refuses root and there is no other account: add one "kilas"');
  return account;
}

async function findAccount(name: string): Promise<Account | undefined> {
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [lineName, , uid, gid] = line.split(':');
    if (lineName === name && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

async function ownerOf(path: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { name: `user id ${uid}`, uid, gid };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
