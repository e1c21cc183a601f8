import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { wholeNumber } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { type EmbeddedPostgres, startPostgres } from '@kilas/embedded/start-postgres.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { type Kysely, sql } from 'kysely';
import { round } from '../numbers.ts';
import { startWorker } from './child.ts';
import { subscriberName } from './names.ts';

const usage = `Usage: npm run bench -- outbox [--lengths 3000,100000,1000000] [--seconds 30] [--keys few,all]

How fast events that wait reach a subscriber that was away, by how many wait. One process publishes, one subscribes, over gRPC and on
a PostgreSQL of their own, which writes to disk as in service; each event is acted on in a transaction by one INSERT beside the
platform's own. Measured is what the subscriber committed within the time, or until all is there. "few": ten keys; "all": each event
has a key of its own. Fails when an event acts twice or out of its key's order, or when less than 500 a second arrive. About 5 minutes;
the last line is JSON: perSecond by length, the worse of few and all, and both.
`;

const perSecondMin = 500;
const fewKeys = 10;
const { values } = parseArgs({
  options: {
    lengths: { type: 'string', default: '3000,100000,1000000' },
    seconds: { type: 'string', default: '30' },
    keys: { type: 'string', default: 'few,all' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main();

type Keys = 'few' | 'all';

async function main(): Promise<void> {
  const lengths = values.lengths.split(',').map((text) => wholeNumber('--lengths', text, 1, 10_000_000));
  const seconds = wholeNumber('--seconds', values.seconds, 1, 3_600);
  const kinds = values.keys.split(',').map((text): Keys => {
    if (text !== 'few' && text !== 'all') throw new UserError(`--keys takes few and all, not "${text}".`);
    return text;
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-bench-outbox-'));
  // The server may run under an account of its own.
  await chmod(folder, 0o755);
  const server = await startPostgres({ dataDir: path.join(folder, 'postgres') });
  try {
    const measured: Record<Keys, Record<string, number>> = { few: {}, all: {} };
    for (const length of lengths) {
      for (const keys of kinds) measured[keys][length] = await measure(server, length, keys, seconds);
    }
    const worst = (length: number) => Math.min(...kinds.map((keys) => measured[keys][length] ?? Number.NaN));
    const perSecond = Object.fromEntries(lengths.map((length) => [length, worst(length)]));
    process.stdout.write(`${JSON.stringify({ perSecond, few: measured.few, all: measured.all })}\n`);
    process.exitCode = lengths.every((length) => worst(length) >= perSecondMin) ? 0 : 1;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

async function measure(server: EmbeddedPostgres, length: number, keys: Keys, seconds: number): Promise<number> {
  const [from, to] = [`publisher_${keys}_${length}`, `subscriber_${keys}_${length}`];
  await server.createDatabase(from);
  await server.createDatabase(to);
  const publisher = open(server.url(from));
  const subscriber = open(server.url(to));
  try {
    await fill(publisher, length, keys);
    await sql
      .raw(`create table handled_events (event_id uuid primary key, effects jsonb not null default '{}',
        handled_at timestamptz not null default now());
      create table acted (event_id uuid primary key, key text not null, place bigint generated always as identity)`)
      .execute(subscriber);
    const { count, tookMs } = await drain(server, { from, to, subscriber, length, seconds });
    const misplaced = await countMisplaced(subscriber);
    const perSecond = round((count * 1000) / tookMs, 0);
    process.stdout.write(
      `${length} waiting, ${keys === 'few' ? `${fewKeys} keys` : 'a key for each'}: ${count} in ${(tookMs / 1000).toFixed(1)} s, ${perSecond} a second, ${misplaced} out of order\n`,
    );
    if (misplaced > 0) throw new Error('events of one key acted out of their order');
    return perSecond;
  } finally {
    await publisher.destroy();
    await subscriber.destroy();
  }
}

async function drain(
  server: EmbeddedPostgres,
  run: { from: string; to: string; subscriber: Kysely<object>; length: number; seconds: number },
): Promise<{ count: number; tookMs: number }> {
  const key = newServiceKey();
  const taking = await startWorker('subscriber', server.url(run.to), key.publicKeyPem);
  const telling = await startWorker('publisher', server.url(run.from), key.privateKeyPem, taking.said);
  try {
    const startedAt = performance.now();
    telling.say('begin');
    for (;;) {
      // Counting them each time would take from what is measured; what was rolled back has a number too.
      const isThere = (await lastPlace(run.subscriber)) >= run.length;
      const tookMs = performance.now() - startedAt;
      if (!isThere && tookMs < run.seconds * 1000) {
        await delay(100);
        continue;
      }
      const count = await countActed(run.subscriber);
      if (count >= run.length || tookMs >= run.seconds * 1000) return { count, tookMs };
      await delay(100);
    }
  } finally {
    await telling.end();
    await taking.end();
  }
}

async function fill(db: Kysely<object>, length: number, keys: Keys): Promise<void> {
  await sql.raw(await outboxMigration()).execute(db);
  const key = keys === 'few' ? sql`'key-' || n % ${fewKeys}` : sql`'key-' || n`;
  await sql`insert into outbox_events (subscriber, key, event_id, type, payload, occurred_at, request_id)
    select ${subscriberName}, ${key}, lpad(to_hex(n), 32, '0')::uuid, 'kilas.user.v1.ConsentWithdrawn',
      convert_to('\n$' || lpad(to_hex(n), 32, '0')::uuid, 'UTF8'), now(), 'request-of-the-bench'
    from generate_series(1, ${length}::int) as n`.execute(db);
}

async function outboxMigration(): Promise<string> {
  const folder = new URL('./db/migrations/', import.meta.resolve('@kilas/user/context.ts'));
  const name = (await readdir(folder)).find((file) => file.endsWith('-outbox.sql'));
  if (name === undefined) throw new Error('user has no migration for its outbox');
  return readFile(new URL(name, folder), 'utf8');
}

async function countActed(db: Kysely<object>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from acted`.execute(db);
  return rows[0]?.count ?? 0;
}

async function lastPlace(db: Kysely<object>): Promise<number> {
  const { rows } = await sql<{ place: number }>`select last_value::float8 as place from acted_place_seq`.execute(db);
  return rows[0]?.place ?? 0;
}

/** Ids were given in the order of publication. Twice an event cannot act: its id is the primary key. */
async function countMisplaced(db: Kysely<object>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from (
    select event_id < lag(event_id) over (partition by key order by place) as is_early from acted
  ) as placed where is_early`.execute(db);
  return rows[0]?.count ?? 0;
}

function open(url: string): Kysely<object> {
  return openDatabase<object>({ url, poolSizeMax: 2, statementTimeoutMs: 0, onTrouble: () => {} });
}
