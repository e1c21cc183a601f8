import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isListening } from './await-port.ts';
import { findFreePort } from './free-port.ts';
import { chooseServerAccount } from './server-account.ts';

/** A role that may come in, and its password. */
export interface PoolerRole {
  readonly name: string;
  readonly password: string;
}

export interface PoolerOptions {
  /** Of the PostgreSQL server on this machine. */
  readonly serverPort: number;
  readonly roles: readonly PoolerRole[];
  /** Sessions of the server for each database and role. */
  readonly poolSize: number;
}

export interface RunningPooler {
  readonly port: number;
  stop(): Promise<void>;
}

/** Whether the machine has PgBouncer. */
export async function hasPgbouncer(): Promise<boolean> {
  return promisify(execFile)('pgbouncer', ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * Runs the machine's PgBouncer in front of a PostgreSQL server, in transaction mode and with its settings else as they come: it takes no
 * settings of sessions. As root it runs under the account of the embedded servers, since it refuses root.
 */
export async function startPgbouncer(options: PoolerOptions): Promise<RunningPooler> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'kilas-pgbouncer-'));
  const [file, roles] = [join(folder, 'pgbouncer.ini'), join(folder, 'roles.txt')];
  await writeFile(file, configuration(options, port, roles), { mode: 0o600 });
  const lines = options.roles.map(({ name, password }) => `"${name}" "${password}"\n`);
  await writeFile(roles, lines.join(''), { mode: 0o600 });
  const account = await chooseServerAccount(folder);
  if (account !== undefined) for (const path of [folder, file, roles]) await chown(path, account.uid, account.gid);
  const child = spawn('pgbouncer', ['-q', file], {
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    env: { PATH: process.env.PATH },
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = collect(child);
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (await isListening(child, port)) return { port, stop };
  await stop();
  throw new Error(`pgbouncer does not start: ${said()}`);
}

function collect({ stderr }: ChildProcess): () => string {
  let said = '';
  stderr?.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-4_000);
  });
  return () => said;
}

function configuration({ serverPort, poolSize }: PoolerOptions, port: number, roles: string): string {
  return `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${roles}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
`;
}
