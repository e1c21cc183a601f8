import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import { enrolSelfie, listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { hasPgbouncer, type PoolerRole, type RunningPooler, startPgbouncer } from '@kilas/embedded/start-pgbouncer.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provisionDatabases, servicesWithRoles } from './provisioned-databases.ts';

const isHere = await hasPgbouncer();
if (!isHere) process.stdout.write('skipped: tests behind PgBouncer, which is not installed here\n');

/** Fewer than what each service asks for at once: sessions go from hand to hand. */
const poolSize = 2;
const timeouts = { DATABASE_STATEMENT_TIMEOUT_MS: '7000', DATABASE_LOCK_TIMEOUT_MS: '3000' };

describe.skipIf(!isHere)('behind PgBouncer, which gives each transaction another session', () => {
  let server: Awaited<ReturnType<typeof startOwnPostgres>>;
  let pooler: RunningPooler;
  let direct: Partial<Record<ServiceName, Env>>;
  let system: TestSystem;
  let url: string;

  beforeAll(async () => {
    server = await startOwnPostgres();
    direct = await provisionDatabases(server.adminUrl('postgres'));
    const serverPort = Number(new URL(server.adminUrl('postgres')).port);
    pooler = await startPgbouncer({ serverPort, poolSize, roles: servicesWithRoles.map(roleOf) });
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}`;
    const databases = Object.fromEntries(
      servicesWithRoles.map((name) => [
        name,
        {
          ...direct[name],
          DATABASE_URL: pooledUrl(name),
          DATABASE_DIRECT_URL: direct[name]?.DATABASE_URL,
          ...timeouts,
        },
      ]),
    );
    const env = { PUBLIC_URL: url, SANDBOX_WEBHOOK_URL: `${url}/v1/payments/sandbox/webhook` };
    system = await startSystem({ services: serviceNames, databases, env });
    await system.app.listen({ host: '127.0.0.1', port });
  }, 120_000);

  afterAll(async () => {
    await system?.close();
    await pooler?.stop();
    await server?.stop();
  });

  function roleOf(name: ServiceName): PoolerRole {
    const { username, password } = new URL(direct[name]?.DATABASE_URL ?? '');
    return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
  }

  function pooledUrl(name: ServiceName): string {
    return Object.assign(new URL(direct[name]?.DATABASE_URL ?? ''), { port: String(pooler.port) }).href;
  }

  test('photos are uploaded, recognised, found, ordered and downloaded', async () => {
    const photoFiles = (await samplePhotoFiles()).slice(0, 2);
    const input = { photoFiles, selfies: [await makeSelfie()], priceIdr: 50_000, eventName: 'City Run' };
    const progress = createProgress(() => {});
    const result = await runJourney(new ApiClient(url), input, progress);
    expect(result).toMatchObject({ photos: 2, originalSha256Matches: true, walletIdr: 40_000 });
  });

  test('who appears in a photo hears of it while they wait', async () => {
    const api = new ApiClient(url);
    const creator = await register(api, 'creator');
    await becomeCreator(creator, 'Lensa');
    const eventId = await createEvent(creator, 'Night Run', 'matches');
    const member = await register(api, 'member');
    await giveConsent(member);
    await enrolSelfie(member, await makeSelfie());
    const leaving = new AbortController();
    const live = await fetch(`${url}/v1/me/notifications/stream`, {
      headers: { authorization: `Bearer ${member.token}` },
      signal: leaving.signal,
    });
    let heard = '';
    const reading = live.body?.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write: (text) => {
          heard += text;
        },
      }),
    );
    await uploadPhotos(creator, (await samplePhotoFiles()).slice(0, 2), eventId, 20_000);
    await waitFor(() => heard.includes('matches_found'), { what: 'a match to be told', timeoutMs: 120_000 });
    expect(await listFound(member)).not.toEqual([]);
    leaving.abort();
    await reading?.catch(() => {});
  });

  test.each(servicesWithRoles)('%s listens on a session of its own, and on that alone', async (name) => {
    const listening = await query(
      server.adminUrl('postgres'),
      `select application_name as name, client_port as port from pg_stat_activity
       where datname = 'kilas_${name}' and (query ilike 'listen %' or query like '%pg_listening_channels%')`,
    );
    expect(listening).toEqual([{ name: `kilas-${name} jobs`, port: expect.any(Number) }]);
  });

  test.each(servicesWithRoles)('the timeouts of %s hold in whatever session its statements run', async (name) => {
    const shown = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`;
    const together = Array.from({ length: 2 * poolSize }, () => query(pooledUrl(name), shown));
    for (const rows of await Promise.all(together)) expect(rows).toEqual([{ statement: '7s', lock: '3s' }]);
  });

  test('all of them together have few sessions of the server', async () => {
    const counts = await query(
      server.adminUrl('postgres'),
      `select datname as name, count(*)::int as count from pg_stat_activity
       where datname like 'kilas_%' and usename in (${servicesWithRoles.map((name) => `'${roleOf(name).name}'`).join(', ')}) group by 1`,
    );
    // Beside those of the pooler one that listens; the listener's own pool has one more while it starts.
    for (const { count } of counts) expect(count).toBeLessThanOrEqual(poolSize + 2);
  });

  test('without an address of the server itself a service says what is missing, rather than wait for ever', async () => {
    const databases = { photo: { DATABASE_URL: pooledUrl('photo') } };
    await expect(startSystem({ services: ['photo'], databases })).rejects.toThrow(
      /DATABASE_DIRECT_URL: a connection pooler stands before the database/,
    );
  });
});
