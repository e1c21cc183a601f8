import pg from 'pg';
import { ADMIN_ROLE } from './postgres-cluster.ts';

/** What the services log in as: a superuser could read files and run programs of the server's account through SQL. */
export const SERVICE_ROLE = 'kilas';

const duplicateDatabase = '42P04';
const uniqueViolation = '23505';

export async function createServiceRole(port: number, password: string): Promise<void> {
  await withClient({ port, user: ADMIN_ROLE, password }, async (client) => {
    const found = await client.query('select from pg_roles where rolname = $1', [SERVICE_ROLE]);
    if (found.rowCount !== 0) return;
    await client.query(`create role ${SERVICE_ROLE} login createdb password ${client.escapeLiteral(password)}`);
  });
}

/** Creates a database that the services' role owns; it may exist already, or appear meanwhile. */
export async function createDatabase(port: number, password: string, name: string): Promise<void> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`"${name}" is not a name for a database`);
  await withClient({ port, user: SERVICE_ROLE, password }, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [name]);
    if (found.rowCount !== 0) return;
    try {
      await client.query(`create database ${name}`);
    } catch (error) {
      const known = [duplicateDatabase, uniqueViolation];
      if (!(error instanceof pg.DatabaseError && known.includes(error.code ?? ''))) throw error;
    }
  });
}

async function withClient(config: pg.ClientConfig, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', database: 'postgres', ...config });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
