import { randomBytes } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { parseEnv as parseLines } from 'node:util';
import { UserError } from '@kilas/cli/user-error.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import type { ServiceName } from '../service-names.ts';

/** Of one service's two roles. */
export interface Passwords {
  /** Of the role that owns the tables. */
  readonly owner: string;
  /** Of the role that the service runs as. */
  readonly running: string;
}

export type PasswordsByService = ReadonlyMap<ServiceName, Passwords>;

/** The variables that hold a service's passwords: USER_DATABASE_OWNER_PASSWORD, USER_DATABASE_PASSWORD. */
export function passwordNamesOf(service: ServiceName): { readonly owner: string; readonly running: string } {
  const prefix = service.toUpperCase();
  return { owner: `${prefix}_DATABASE_OWNER_PASSWORD`, running: `${prefix}_DATABASE_PASSWORD` };
}

/**
 * The passwords that the environment or else the file names. With a file, those that are missing are made; without one
 * they are asked for.
 */
export async function readPasswords(
  services: readonly ServiceName[],
  env: Env,
  file: string | undefined,
): Promise<PasswordsByService> {
  const kept: Env = file === undefined ? {} : parseLines(await readPasswordFile(file));
  const missing: string[] = [];
  const find = (name: string): string => {
    const given = env[name] || kept[name];
    if (given === undefined && file === undefined) missing.push(name);
    if (given !== undefined) checkPassword(name, given);
    return given ?? randomBytes(24).toString('base64url');
  };
  const passwords = new Map(
    services.map((service) => {
      const names = passwordNamesOf(service);
      return [service, { owner: find(names.owner), running: find(names.running) }];
    }),
  );
  if (missing.length > 0) {
    throw new UserError(`Set ${missing.join(', ')}, or name a file for them with --passwords.`);
  }
  return passwords;
}

/** Of the role for an exporter; undefined where none is wanted. */
export function readMonitorPassword(env: Env): string | undefined {
  const name = 'MONITOR_DATABASE_PASSWORD';
  const given = env[name] || undefined;
  if (given !== undefined) checkPassword(name, given);
  return given;
}

function checkPassword(name: string, given: string): void {
  if (/^[\w.~-]{16,}$/.test(given)) return;
  throw new UserError(
    `${name} is not 16 or more letters, digits, "-", ".", "_" or "~", which need no quoting anywhere.`,
  );
}

async function readPasswordFile(file: string): Promise<string> {
  try {
    if (((await stat(file)).mode & 0o077) !== 0) {
      throw new UserError(`${file} can be read by others: chmod 600 ${file}, and change the passwords in it.`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}

/** Writes passwords and addresses, readable by this account alone, whole or not at all; what else the file holds stays. */
export async function writePasswordFile(file: string, values: Env): Promise<void> {
  const kept = (await readPasswordFile(file))
    .split('\n')
    .filter((line) => !((line.split('=')[0] ?? '').trim() in values));
  while (kept.at(-1) === '') kept.pop();
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const draft = `${file}.new`;
  await writeFile(draft, `${[...kept, ...lines].join('\n')}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
}
