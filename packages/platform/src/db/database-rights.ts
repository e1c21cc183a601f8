import { type Kysely, sql, type Transaction } from 'kysely';
import { lockUntilCommit } from './advisory-locks.ts';
import { openDatabase } from './database.ts';

/** What a service does to its tables, where that is less than everything. */
export interface TableUse {
  /** Rows that are never changed nor deleted. */
  readonly appendOnly?: readonly string[];
  readonly readOnly?: readonly string[];
  /** Tables whose deleted rows the service takes off the disk at once. */
  readonly vacuumed?: readonly string[];
}

/** The first PostgreSQL with a right to VACUUM the table of another role, by `server_version_num`. */
const maintainSinceVersion = 170_000;

/**
 * Gives a role what running needs on all tables, sequences and functions of a schema that belong to `db`, and takes what it must not do; what
 * somebody else keeps there is theirs. The same however often and by however many it is done.
 */
export async function grantRights<Schema>(
  db: Kysely<Schema>,
  grant: { schema: string; role: string; use?: TableUse },
): Promise<void> {
  const schema = sql.id(grant.schema);
  const role = sql.id(grant.role);
  const { appendOnly = [], readOnly = [], vacuumed = [] } = grant.use ?? {};
  await db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'grant');
    await sql`grant usage on schema ${schema} to ${role}`.execute(tx);
    for (const [rights, things] of await ownThings(tx, grant.schema)) {
      await sql`grant ${sql.raw(rights)} ${sql.raw(things)} to ${role}`.execute(tx);
    }
    for (const table of appendOnly) {
      await sql`revoke update, delete on ${sql.id(grant.schema, table)} from ${role}`.execute(tx);
    }
    for (const table of readOnly) {
      await sql`revoke insert, update, delete on ${sql.id(grant.schema, table)} from ${role}`.execute(tx);
    }
    if (vacuumed.length === 0 || (await versionOf(tx)) < maintainSinceVersion) return;
    for (const table of vacuumed) {
      await sql`grant maintain on ${sql.id(grant.schema, table)} to ${role}`.execute(tx);
    }
  });
}

/** What belongs to whoever asks, by the rights on it: "all tables in schema" would be refused where one belongs to another. */
async function ownThings<Schema>(tx: Transaction<Schema>, schema: string): Promise<[rights: string, things: string][]> {
  const { rows } = await sql<{ rights: string; things: string }>`
    select rights, kind || string_agg(name, ', ') as things from (
      select case relkind when 'S' then 'usage, select on' else 'select, insert, update, delete on' end as rights,
        case relkind when 'S' then 'sequence ' else 'table ' end as kind, oid::regclass::text as name
      from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and relnamespace = ${schema}::regnamespace and pg_has_role(relowner, 'usage')
      union all
      select 'execute on', 'routine ', oid::regprocedure::text
      from pg_proc where pronamespace = ${schema}::regnamespace and pg_has_role(proowner, 'usage')
    ) as thing group by rights, kind order by kind`.execute(tx);
  return rows.map(({ rights, things }) => [rights, things]);
}

async function versionOf<Schema>(tx: Transaction<Schema>): Promise<number> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(tx);
  return Number(rows[0]?.version);
}

/** Who migrates, in the server's list of connections. */
export const ownerName = 'kilas-owner';

/** Runs something that may take long on a connection of its own, which is closed then. */
export async function asOwner<Result>(url: string, run: (db: Kysely<unknown>) => Promise<Result>): Promise<Result> {
  const db = openDatabase<unknown>({
    url,
    poolSizeMax: 1,
    statementTimeoutMs: 0,
    applicationName: ownerName,
    onTrouble: () => {},
  });
  try {
    return await run(db);
  } finally {
    await db.destroy();
  }
}

/** The role that a connection works as. */
export async function roleOf<Schema>(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ role: string }>`select current_user as role`.execute(db);
  const role = rows[0]?.role;
  if (role === undefined) throw new Error('the database did not say who is connected');
  return role;
}
