import { z } from 'zod';
import { queueServices } from '../databases.ts';
import { type Check, countBy, exactlyOnce, type Finding, lost } from './finding.ts';

const failedRow = z.object({ name: z.string(), count: z.number() });
/** Run by the clock: the next one does what one that failed left undone. */
const byClock = ['sweep-uploads', 'sweep-selfies', 'reconcile-orders', 'verify-ledger', 'forget-expired'];

/** Every account and every wish is there; every creator is known to photo. */
export const verifyAccounts: Check = async ({ databases, book, world }) => {
  const accounts = await databases.query('user', z.object({ id: z.string() }), 'select id from accounts');
  const wishes = await databases.query(
    'photo',
    z.object({ member_id: z.string(), photo_id: z.string() }),
    `select member_id, photo_id from collections where kind = 'wishlist'`,
  );
  const creators = await databases.query(
    'photo',
    z.object({ creator_id: z.string() }),
    'select creator_id from creators',
  );
  const ids = countBy(accounts, ({ id }) => id);
  const wished = countBy(wishes, ({ member_id, photo_id }) => `${member_id} ${photo_id}`);
  const known = countBy(creators, ({ creator_id }) => creator_id);
  return [
    ...book.accounts.flatMap(({ accountId }) => exactlyOnce(ids.get(accountId) ?? 0, `the account ${accountId}`)),
    ...world.creators.flatMap(({ person }) =>
      exactlyOnce(known.get(person.accountId) ?? 0, `the creator ${person.accountId} in the catalogue`),
    ),
    ...new Set(book.wishes.map(({ accountId, photoId }) => `${accountId} ${photoId}`))
      .values()
      .flatMap((wish) => exactlyOnce(wished.get(wish) ?? 0, `the wish ${wish}`)),
  ];
};

/** No job was given up. */
export const verifyJobs: Check = async ({ databases }) => {
  const findings: Finding[] = [];
  for (const service of queueServices) {
    const rows = await databases.query(
      service,
      failedRow,
      `select name, count(*)::int as count from jobs.job where state = 'failed' group by name`,
    );
    for (const { name, count } of rows) {
      if (!byClock.includes(name) && !name.startsWith('__pgboss'))
        findings.push(lost(`${count} ${name} of ${service} were given up`));
    }
  }
  return findings;
};
