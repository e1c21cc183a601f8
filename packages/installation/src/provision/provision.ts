import { lockStatement } from '@kilas/platform/db/advisory-locks.ts';
import pg from 'pg';
import { type ServiceName, serviceNames } from '../service-names.ts';
import { type PasswordsByService, passwordNamesOf } from './passwords.ts';
import { scramVerifierOf } from './scram.ts';

export interface ProvisionOptions {
  /** postgres:// of an account that may make roles and databases. */
  readonly adminUrl: string;
  readonly services: readonly ServiceName[];
  readonly passwords: PasswordsByService;
  /** Of a role that reads the server's statistics and no table, for an exporter; without it there is none. */
  readonly monitorPassword?: string;
  /** Told what was changed, without secrets. */
  readonly onChange: (line: string) => void;
}

/** Roles and database of a service have one name, the owner's role a longer one. */
export function roleOf(service: ServiceName): string {
  return `kilas_${service}`;
}

export function ownerOf(service: ServiceName): string {
  return `kilas_${service}_owner`;
}

/**
 * Makes for each service a database, a role that owns it and a role that the service runs as; nobody else may connect. Changes
 * nothing that is as it should be, so it may run again and after any interruption.
 */
export async function provision(options: ProvisionOptions): Promise<void> {
  await withAdmin(options.adminUrl, async (admin) => {
    await admin.query(lockStatement('provision'));
    for (const service of options.services) await provisionService(admin, service, options);
    await closeToAll(admin, options.onChange);
    if (options.monitorPassword !== undefined) await provisionMonitor(admin, options.monitorPassword, options);
  });
}

const monitorRole = 'kilas_monitor';

async function provisionMonitor(
  admin: pg.Client,
  password: string,
  { adminUrl, onChange }: ProvisionOptions,
): Promise<void> {
  if (await makeRole(admin, monitorRole, password)) onChange(`made the role ${monitorRole}`);
  await admin.query(`grant pg_monitor to ${monitorRole}`);
  await admin.query(`grant connect on database postgres to ${monitorRole}`);
  const url = Object.assign(new URL(adminUrl), { pathname: '/postgres', username: monitorRole, password }).href;
  if (await canLogIn(url)) return;
  await admin.query(`alter role ${monitorRole} login password '${scramVerifierOf(password)}'`);
  onChange(`changed the password of ${monitorRole}`);
}

/** The lines of a service's environment, and its passwords. */
export function linesOf(adminUrl: string, service: ServiceName, passwords: PasswordsByService): Record<string, string> {
  const { owner, running } = passwordsOf(passwords, service);
  const names = passwordNamesOf(service);
  const prefix = service.toUpperCase();
  return {
    [names.running]: running,
    [names.owner]: owner,
    [`${prefix}_DATABASE_URL`]: urlOf(adminUrl, service, roleOf(service), running),
    [`${prefix}_DATABASE_OWNER_URL`]: urlOf(adminUrl, service, ownerOf(service), owner),
  };
}

async function provisionService(admin: pg.Client, service: ServiceName, options: ProvisionOptions): Promise<void> {
  const { adminUrl, onChange } = options;
  const { owner, running } = passwordsOf(options.passwords, service);
  const database = roleOf(service);
  const isNew = [await makeRole(admin, ownerOf(service), owner), await makeRole(admin, roleOf(service), running)];
  if (isNew.includes(true)) onChange(`made the roles of ${service}: ${ownerOf(service)} and ${roleOf(service)}`);
  await makeDatabase(admin, service, onChange);
  await withAdmin(urlOf(adminUrl, service), (inside) => shareOut(inside, service, onChange));
  for (const [role, password] of [
    [ownerOf(service), owner],
    [roleOf(service), running],
  ] as const) {
    if (await canLogIn(urlOf(adminUrl, service, role, password))) continue;
    await admin.query(`alter role ${role} login password '${scramVerifierOf(password)}'`);
    onChange(`changed the password of ${role} on ${database}`);
  }
}

/** True when it was not there. It may log in and nothing else. */
async function makeRole(admin: pg.Client, role: string, password: string): Promise<boolean> {
  const known = await admin.query('select from pg_roles where rolname = $1', [role]);
  if (known.rowCount !== 0) return false;
  await admin.query(
    `create role ${role} login nosuperuser nocreatedb nocreaterole noreplication password '${scramVerifierOf(password)}'`,
  );
  return true;
}

async function makeDatabase(
  admin: pg.Client,
  service: ServiceName,
  onChange: ProvisionOptions['onChange'],
): Promise<void> {
  const database = roleOf(service);
  const owner = ownerOf(service);
  if (!(await isSuperuser(admin))) await admin.query(`grant ${owner} to current_user`);
  const { rows } = await admin.query<{ owner: string }>(
    'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
    [database],
  );
  if (rows[0] === undefined) {
    // The built-in provider sorts the same on every system, so an upgrade of the C library cannot spoil an index.
    const sorting = `locale_provider builtin builtin_locale 'C.UTF-8' template template0`;
    const isBuiltIn = (await versionOf(admin)) >= 170_000;
    await admin.query(`create database ${database} owner ${owner} encoding 'UTF8' ${isBuiltIn ? sorting : ''}`);
    onChange(`made the database ${database}`);
  } else if (rows[0].owner !== owner) {
    await admin.query(`alter database ${database} owner to ${owner}`);
    onChange(`gave the database ${database} to ${owner}`);
  }
  await admin.query(`revoke all on database ${database} from public`);
  await admin.query(`grant connect on database ${database} to ${roleOf(service)}`);
}

/** Inside of the service's database: who may make tables there, and what the service itself made before it had an owner. */
async function shareOut(
  inside: pg.Client,
  service: ServiceName,
  onChange: ProvisionOptions['onChange'],
): Promise<void> {
  const role = roleOf(service);
  const owner = ownerOf(service);
  await inside.query('revoke all on schema public from public');
  await inside.query(`grant usage, create on schema public to ${owner}`);
  await inside.query(`grant usage on schema public to ${role}`);
  const { rowCount } = await inside.query(
    `select from pg_class where relowner = $1::regrole and relnamespace not in (select oid from pg_namespace
     where nspname ~ '^pg_')`,
    [role],
  );
  if (rowCount !== 0) {
    await inside.query(`reassign owned by ${role} to ${owner}`);
    onChange(`gave what ${role} owned to ${owner}`);
  }
  if (service !== 'ai') return;
  const found = await inside.query(`select from pg_extension where extname = 'vector'`);
  if (found.rowCount !== 0) return;
  await inside.query('create extension vector');
  onChange('made the extension vector');
}

/** The databases that every server has: with them closed a role reaches its own alone. Those of others are theirs to close. */
async function closeToAll(admin: pg.Client, onChange: ProvisionOptions['onChange']): Promise<void> {
  const own = serviceNames.map(roleOf);
  const { rows } = await admin.query<{ name: string }>(
    `select datname as name from pg_database
     where datallowconn and has_database_privilege('public', oid, 'connect') and datname <> all ($1) order by 1`,
    [own],
  );
  const open = rows.map(({ name }) => name);
  for (const name of open.filter((candidate) => candidate === 'postgres' || candidate === 'template1')) {
    await admin.query(`revoke connect on database ${name} from public`);
    onChange(`closed the database ${name} to all but those who are named`);
  }
  const others = open.filter((name) => name !== 'postgres' && name !== 'template1');
  if (others.length > 0) onChange(`left as they are, open to every role: ${others.join(', ')}`);
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('28')) return false;
    throw error;
  } finally {
    await client.end();
  }
}

async function isSuperuser(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query<{ yes: boolean }>(
    'select rolsuper as yes from pg_roles where rolname = current_user',
  );
  return rows[0]?.yes === true;
}

async function versionOf(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ version: string }>(`select current_setting('server_version_num') as version`);
  return Number(rows[0]?.version);
}

function passwordsOf(passwords: PasswordsByService, service: ServiceName) {
  const found = passwords.get(service);
  if (found === undefined) throw new Error(`there are no passwords for ${service}`);
  return found;
}

/** The same server, with the same parameters for TLS. */
function urlOf(adminUrl: string, service: ServiceName, role?: string, password?: string): string {
  const url = new URL(adminUrl);
  url.pathname = roleOf(service);
  if (role !== undefined) url.username = role;
  if (password !== undefined) url.password = password;
  return url.href;
}

async function withAdmin(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
