import { UserError } from '@kilas/cli/user-error.ts';
import type pg from 'pg';
import { z } from 'zod';
import { withClient } from './load-database.ts';

/** What is ours in a database: what neither the server and its extensions brought, nor another role made, which alone may drop it. */
const own = (owner: string) => `n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
  and pg_has_role(o.${owner}, 'usage')
  and not exists (select from pg_depend d where d.objid = o.oid and d.deptype = 'e')`;

const named = z.array(z.object({ name: z.string() }));

/** Whether a database has no table of ours. Throws a UserError while anybody else is connected to it. */
export async function isEmpty(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    await refuseConnected(client);
    return (await listTables(client)).length === 0;
  });
}

/** Drops everything in a database but its extensions and what belongs to others. */
export async function emptyDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await refuseConnected(client);
    await client.query('begin');
    await client.query('drop schema if exists jobs cascade');
    for (const { name } of await listTables(client)) await client.query(`drop table if exists ${name} cascade`);
    const functions = await client.query(
      `select o.oid::regprocedure::text as name from pg_proc o join pg_namespace n on n.oid = o.pronamespace
       where ${own('proowner')}`,
    );
    for (const { name } of named.parse(functions.rows)) await client.query(`drop routine if exists ${name} cascade`);
    await client.query('commit');
  });
}

async function listTables(client: pg.Client): Promise<z.output<typeof named>> {
  const { rows } = await client.query(
    `select o.oid::regclass::text as name from pg_class o join pg_namespace n on n.oid = o.relnamespace
     where o.relkind in ('r', 'p') and ${own('relowner')} order by 1`,
  );
  return named.parse(rows);
}

/** Throws a UserError while anybody else is connected to the database. */
export async function refuseOthers(url: string): Promise<void> {
  await withClient(url, refuseConnected);
}

async function refuseConnected(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select current_database() as database, count(*)::int as count from pg_stat_activity
     where datname = current_database() and usename is not null and pid <> pg_backend_pid()`,
  );
  const { database, count } = z.object({ database: z.string(), count: z.number() }).parse(rows[0]);
  if (count === 0) return;
  throw new UserError(`${count} connections are open to ${database}: stop all services first.`);
}
