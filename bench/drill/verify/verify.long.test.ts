import { findFreePort } from '@kilas/embedded/free-port.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { serviceNames } from '@kilas/installation/service-names.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Databases } from '../databases.ts';
import { awaitDrain } from '../drain.ts';
import { leave } from '../load/members.ts';
import { buyPhotos } from '../load/orders.ts';
import { prepareWorld } from '../prepare.ts';
import { Recorder } from '../record.ts';
import type { Check, VerifyContext } from './finding.ts';
import { verifyConsents } from './verify-consents.ts';
import { verifyAccounts, verifyJobs } from './verify-jobs.ts';
import { verifyLedger } from './verify-ledger.ts';
import { verifyFacecams, verifyMatches, verifyNotifications } from './verify-members.ts';
import { verifyDownloads, verifyOrders } from './verify-orders.ts';
import { verifyPhotos } from './verify-photos.ts';

let system: TestSystem;
let ctx: VerifyContext;
let leaverId: string;

beforeAll(async () => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  system = await startSystem({ services: serviceNames, env: { PUBLIC_URL: url } });
  await system.app.listen({ host: '127.0.0.1', port });
  const databases = new Databases((service) => system.databaseUrls[service]);
  const world = await prepareWorld(url, new Recorder(), { creators: 1, buyers: 1, members: 2, leavers: 1 }, 1);
  leaverId = world.leavers[0]?.accountId ?? '';
  await buyPhotos(world);
  await leave(world);
  await awaitDrain(databases);
  ctx = { databases, world, book: world.book, storage: { url: '', keys: { accessKeyId: '', secretAccessKey: '' } } };
}, 120_000);

afterAll(() => system?.close());

async function change(service: ServiceName, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: system.databaseUrls[service] });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

/** What a check finds now, by kinds and words. */
async function findingsOf(check: Check): Promise<string[]> {
  return (await check(ctx)).map(({ kind, what }) => `${kind}: ${what}`);
}

test('where all is as it was accepted, nothing is found', async () => {
  const checks = [
    verifyAccounts,
    verifyPhotos,
    verifyFacecams,
    verifyMatches,
    verifyConsents,
    verifyOrders,
    verifyDownloads,
    verifyLedger,
    verifyNotifications,
    verifyJobs,
  ];
  for (const check of checks) expect(await findingsOf(check)).toEqual([]);
  expect([...ctx.book.orders.values()]).toMatchObject([{ isPaid: true }]);
});

test.each<[string, ServiceName, string, Check, RegExp]>([
  [
    'an accepted photo that no job carries is lost',
    'upload',
    `update uploads set state = 'accepted' where photo_id = (select min(photo_id::text)::uuid from uploads)`,
    verifyPhotos,
    /^lost: photo .* upload accepted/,
  ],
  [
    'a file that became two photos is doubled',
    'photo',
    `insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
       captured_at, uploaded_at)
     select gen_random_uuid(), creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
       captured_at, uploaded_at from photos limit 1`,
    verifyPhotos,
    /^doubled: the file .* is 2 photos/,
  ],
  [
    'faces that were counted twice are doubled',
    'photo',
    'update galleries set face_count = face_count + 1',
    verifyPhotos,
    /^doubled: the gallery/,
  ],
  ['a licence that is not there is lost', 'transaction', 'delete from licences', verifyOrders, /^lost: the licence of/],
  [
    'an order that was paid twice is doubled',
    'transaction',
    `insert into received_payments select gen_random_uuid(), order_id, provider, 'again', amount_idr, paid_at, received_at,
       'refund_due' from received_payments`,
    verifyOrders,
    /^doubled: order .* was paid once more/,
  ],
  [
    'a posting that was changed is found by its seal, its sum and the wallet',
    'transaction',
    `alter table postings disable trigger user;
     update postings set amount_idr = amount_idr - 1 where account like 'creator:%'`,
    verifyLedger,
    /^lost: the ledger's chain is broken/,
  ],
  [
    'a member who was told twice of a photo is found',
    'user',
    `update notifications set read_at = now();
     insert into notifications (id, account_id, kind, data, created_at)
     select gen_random_uuid(), account_id, kind, data, created_at from notifications`,
    verifyNotifications,
    /^doubled: member .* was told of photo .* 2 times/,
  ],
  [
    'a match that is not there is lost',
    'photo',
    'delete from matches',
    verifyMatches,
    /^lost: member .* unknown to photo/,
  ],
  [
    'a selfie without an end is lost',
    'upload',
    `update facecams set state = 'pending'`,
    verifyFacecams,
    /^lost: facecam/,
  ],
  [
    'a withdrawal that does not hold is lost',
    'user',
    'update consents set withdrawn_at = null',
    verifyConsents,
    /^lost: the withdrawal of member/,
  ],
  [
    'a receipt that is not whole is lost',
    'user',
    'update consent_erasures set effects = null, completed_at = null',
    verifyConsents,
    /^lost: the receipt/,
  ],
  [
    'a job that was given up is lost',
    'upload',
    `update jobs.job set state = 'failed' where name = 'derive-photo'`,
    verifyJobs,
    /^lost: .* derive-photo of upload were given up/,
  ],
])('%s', async (_title, service, text, check, finding) => {
  await change(service, text);
  expect(await findingsOf(check)).toContainEqual(expect.stringMatching(finding));
});

test('what is left of a member who withdrew is found', async () => {
  await change(
    'photo',
    `insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate,
       box_left, box_top, box_width, box_height, found_at)
     select photo_id, '${leaverId}', gen_random_uuid(), 1, 0.1, 9, 0.001, 0, 0, 1, 1, now() from photos limit 1`,
  );
  expect(await findingsOf(verifyConsents)).toContainEqual(
    expect.stringMatching(`^lost: the erasure of member ${leaverId}: photo still holds something`),
  );
});
