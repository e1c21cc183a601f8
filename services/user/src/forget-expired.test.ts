import { openDatabase } from '@kilas/platform/db/database.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UserSchema } from './db/schema.ts';
import { forgetExpiredDaily } from './forget-expired.ts';
import { newName, register, signIn, waitForMails } from './testing/client.ts';

const clock = drivenClock();
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], clock });
});
afterAll(() => system.close());

test('what nobody needs any more is forgotten; accounts and consents are not', async () => {
  const member = await signUpMember(system, { consent: true });
  const waiting = newName();
  await register(system, { email: `${waiting}@kilas.test`, username: waiting });
  await waitForMails(system, `${waiting}@kilas.test`, 1);
  const db = openDatabase<UserSchema>({ url: system.databaseUrls.user, poolSizeMax: 2, onTrouble: () => {} });
  const jobs = new Jobs({ databaseUrl: system.databaseUrls.user, log: openLog('test', 'silent') });
  await jobs.start([forgetExpiredDaily]);
  const counts = async () => {
    const count = (table: string) => sql`(select count(*)::int from ${sql.table(table)}) as ${sql.ref(table)}`;
    const tables = ['registrations', 'verification_links', 'sessions', 'refresh_tokens', 'accounts', 'consents'];
    const { rows } = await sql`select ${sql.join(tables.map(count))}`.execute(db);
    return rows[0];
  };
  const runNight = async () => {
    await db.transaction().execute((tx) => jobs.send(tx, forgetExpiredDaily, {}));
    await waitFor(async () => (await jobs.countOpen(forgetExpiredDaily)) === 0, { what: 'the night to pass' });
  };
  try {
    const fresh = { registrations: 1, sessions: 1, refresh_tokens: 1, accounts: 1, consents: 1 };
    await runNight();
    expect(await counts()).toMatchObject(fresh);
    clock.advance(7 * 24 * 3600 + 1);
    await runNight();
    expect(await counts()).toMatchObject({ ...fresh, registrations: 0 });
    clock.advance(60 * 24 * 3600);
    await runNight();
    const left = { registrations: 0, verification_links: 0, sessions: 0, refresh_tokens: 0, accounts: 1, consents: 1 };
    expect(await counts()).toEqual(left);
    expect((await signIn(system, member.username)).statusCode).toBe(200);
  } finally {
    await jobs.stop();
    await db.destroy();
  }
});
