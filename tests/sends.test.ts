import { globSync, readFileSync } from 'node:fs';
import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { Outbox } from '@kilas/platform/events/outbox/outbox.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { readConfig } from '@kilas/upload/config.ts';
import { openContext, type UploadContext } from '@kilas/upload/context.ts';
import { discardSelfie } from '@kilas/upload/facecams/discard-selfie.ts';
import { insertSelfieIntent } from '@kilas/upload/facecams/selfie-intent-store.ts';
import { renewFacecams } from '@kilas/upload/packs/renew-facecams.ts';
import { openHoldings } from '@kilas/upload/reconcile/open-holdings.ts';
import { makeImage } from '@kilas/upload/testing/images.ts';
import { discardIntent } from '@kilas/upload/uploads/discard-intent.ts';
import type { UserSchema } from '@kilas/user/db/schema.ts';
import { publications } from '@kilas/user/publications.ts';
import { askForCutOff } from '@kilas/user/withdrawals/ask-for-cut-off.ts';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeForm, type Parts } from './odd-values/people.ts';

/** Of these the cause is no row: a question from outside, images that stand in storage, and what an operator asks for. */
const withoutRow = [
  'transaction/orders/hold-photos.ts reservation-ended',
  'user/accounts/request-verification.ts resend-verification',
  'upload/derivatives/derive-photo.ts publish-photo',
  'upload/reconcile/open-holdings.ts enrol-facecam',
  'upload/reconcile/open-holdings.ts recognise-photo',
];

const services = ['user', 'photo', 'transaction', 'upload'] as const;
type Name = (typeof services)[number];

/** What was sent where, and in which transaction: the first time it failed. */
const failed = new Map<string, string>();
const sent = new Map<string, string>();
const [reallySend, reallyPublish] = [Jobs.prototype.send, Outbox.prototype.publish];

let system: TestSystem;
let upload: UploadContext;
let creator: Member;
let member: Member;
let ids: { photoId: string; eventId: string };
/** What ai says of a selfie. */
let enrolment: 'alike' | 'refused' = 'refused';

beforeAll(async () => {
  system = await startSystem({ services });
  for (const name of services) await logWrites(name);
  serveAi();
  const wiring = { clock: systemClock, shared: openMemorySharedState(), peers: () => system.peersAs('upload') };
  upload = await openContext(readConfig(system.environmentOf('upload')), wiring);
  await upload.jobs.start([]);
  creator = await signUpMember(system, { creator: true });
  member = await signUpMember(system, { consent: true });
  failEachSendOnce();
}, 240_000);

afterAll(async () => {
  Jobs.prototype.send = reallySend;
  Outbox.prototype.publish = reallyPublish;
  await upload?.jobs.stop();
  await upload?.db.destroy();
  await system?.close();
});

/** Each sends once that fails, and then once that does not. */
const journey: readonly (readonly [what: string, () => Promise<unknown>])[] = [
  ['registers', () => call('POST', '/v1/auth/register', { email: mail, username, password: 'correct horse battery' })],
  ['asks for the link again', () => call('POST', '/v1/auth/resend-verification', { email: mail })],
  ['becomes a creator', () => call('POST', '/v1/me/creator', { displayName: 'Another name' }, creator)],
  ['makes an event', makeEvent],
  ['invites a creator', inviteCreator],
  ['uploads a photo', uploadPhoto],
  ['is found', recordMatch],
  ['answers', () => call('PUT', `/v1/photos/${ids.photoId}/match`, { answer: 'confirmed' }, member)],
  ['takes the answer back', () => call('DELETE', `/v1/photos/${ids.photoId}/match`, undefined, member)],
  ['moves a photo', () => call('POST', '/v1/creator/photos/move', { photoIds: [ids.photoId], eventId: null }, creator)],
  [
    'moves it back',
    () => call('POST', '/v1/creator/photos/move', { photoIds: [ids.photoId], eventId: ids.eventId }, creator),
  ],
  ['hears that a photo failed', failPhoto],
  ['tries a photo again', retryPhoto],
  ['gives an upload up', giveUp],
  ['orders and cancels', orderAndCancel],
  ['orders and pays', orderAndPay],
  ['orders at a price that has changed', orderAtOldPrice],
  ['deletes a photo', deletePhoto],
  ['enrols a selfie that fails', () => enrol('refused')],
  ['enrols a selfie like that of somebody else', () => enrol('alike')],
  ['leaves a selfie behind', leaveSelfie],
  ['hears of a pack change with a kept selfie, and without', hearOfPacks],
  ['has lost work mended', mendWork],
  ['removes a selfie', removeSelfie],
  ['withdraws', withdraw],
  ['waits for faces that were cut off', askAfterCutOff],
];

test.each(journey)(
  'when sending fails as somebody %s, nothing is left of it, and it works the next time',
  async (_what, step) => {
    await step();
    for (const [place, transaction] of failed) {
      expect(await writesOf(place, transaction), `${place}, which failed`).toEqual([]);
    }
  },
  120_000,
);

test('each place that sends was met, and sends in the transaction that writes its cause', async () => {
  const places = globSync('services/*/src/**/*.ts')
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const calls = readFileSync(file, 'utf8').matchAll(/(?:jobs\.send|outbox\.publish)\(\s*tx,\s*(\w+)/g);
      return [...calls].map(([, kind = '']) => `${file.replace(/^services\/(\w+)\/src/, '$1')} ${nameOf(kind)}`);
    });
  expect(places.length).toBeGreaterThan(20);
  expect([...sent.keys()].sort()).toEqual([...new Set(places)].sort());
  for (const [place, transaction] of sent) {
    const writes = await writesOf(place, transaction);
    if (withoutRow.includes(place)) expect(writes, place).toEqual([]);
    else expect(writes.length, `${place} writes beside what it sends`).toBeGreaterThan(0);
  }
});

const [mail, username] = [`m${newId().slice(-12)}@kilas.test`, `m_${newId().slice(-12)}`];
const times = { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'Asia/Jakarta' };

class SendingFailed extends Error {}

/** As the database going away in the middle, the first time at each place. */
function failEachSendOnce(): void {
  const after = async (tx: Transaction<unknown>, kind: string) => {
    const place = `${placeOf(new Error().stack ?? '')} ${nameOf(kind)}`;
    const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(tx);
    const isFirst = !failed.has(place);
    (isFirst ? failed : sent).set(place, rows[0]?.id ?? '');
    if (isFirst) throw new SendingFailed(`sending failed: ${place}`);
  };
  Jobs.prototype.send = async function (this: Jobs, tx, kind, ...rest) {
    await Reflect.apply(reallySend, this, [tx, kind, ...rest]);
    await after(tx, kind.name);
  };
  Outbox.prototype.publish = async function (this: Outbox, tx, event, ...rest) {
    const eventId = await Reflect.apply(reallyPublish, this, [tx, event, ...rest]);
    await after(tx, event.name);
    return eventId;
  };
}

const placeOf = (stack: string) => /services\/(\w+)\/src\/([\w/-]+\.ts)/.exec(stack)?.slice(1).join('/') ?? '';

/** As kinds of jobs are called: `enrolFacecamJob`, `PhotosSoldSchema` and `PhotosSold` have one name each. */
function nameOf(kind: string): string {
  return kind
    .replace(/(Job|Schema)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

/** From here on each database notes which transaction wrote to which table. */
async function logWrites(name: Name): Promise<void> {
  await ask(name, 'create table test_writes (xid text, "table" text)');
  await ask(
    name,
    `create function test_log_write() returns trigger language plpgsql as $$ begin
      insert into test_writes values (pg_current_xact_id()::text, tg_table_name); return null; end $$`,
  );
  await ask(
    name,
    `do $$ declare name text; begin
      for name in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname not in ('test_writes', 'outbox_events', 'handled_events', 'migrations')
      loop execute format('create trigger test_log after insert or update or delete on %I for each row execute function test_log_write()', name);
      end loop; end $$`,
  );
}

async function writesOf(place: string, transaction: string): Promise<string[]> {
  const name = z.enum(services).parse(place.split('/')[0]);
  const rows = await ask(name, 'select distinct "table" from test_writes where xid = $1', [transaction]);
  return rows.map(({ table }) => String(table));
}

async function ask(name: Name, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return query(system.databaseUrls[name], text, values);
}

/** Until it went well, as a client that asks again would; sending fails a few times at most. */
async function again<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count === 8) throw error;
    }
  }
}

function call(method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, by?: Member, form?: Parts) {
  return again(async () => {
    const body = form === undefined ? undefined : await encodeForm(form);
    const headers = {
      ...by?.headers,
      'idempotency-key': orderKey,
      ...(body === undefined ? {} : { 'content-type': body.contentType }),
    };
    const content = body?.payload ?? payload;
    const reply = await system.app.inject({ method, url, headers, ...(content && { payload: content }) });
    if (reply.statusCode >= 300) throw new Error(`${url}: ${reply.statusCode} ${reply.body}`);
    return z.record(z.string(), z.unknown()).parse(reply.body === '' ? {} : reply.json());
  });
}

let orderKey = newId();

async function makeEvent() {
  const { eventId } = await call('POST', '/v1/events', { name: 'Run', ...times, visibility: 'public' }, creator);
  ids = { photoId: '', eventId: String(eventId) };
}

async function inviteCreator() {
  const other = await again(() => signUpMember(system, { creator: true }));
  const isKnown = async () =>
    (await ask('photo', 'select creator_id from creators where creator_id = $1', [other.accountId])).length > 0;
  await waitFor(isKnown, { what: 'the creator to be known' });
  await call('POST', `/v1/events/${ids.eventId}/creators`, { creatorId: other.accountId }, creator);
}

async function uploadPhoto() {
  const form: Parts = [
    ['priceIdr', '0'],
    ['eventId', ids.eventId],
    ['photo', await makeImage()],
  ];
  const { photoId } = await call('POST', '/v1/uploads/photo', undefined, creator, form);
  ids = { ...ids, photoId: String(photoId) };
  const isSent = () => sent.has('upload/derivatives/publish-photo.ts recognise-photo');
  await waitFor(isSent, { what: 'the photo to be on sale', timeoutMs: 90_000 });
}

function recordMatch() {
  const matches = createClient(MatchService, system.peersAs('ai')('photo'));
  const face = { facecamId: newId(), consentEpoch: 1, distance: 0.3, level: 9, falseMatchRate: 1e-9, facecamCount: 1 };
  const box = { left: 0.1, top: 0.1, width: 0.2, height: 0.2 };
  const match = { photoId: ids.photoId, memberId: member.accountId, ...face, box };
  return again(() => matches.recordMatches({ matches: [match] }));
}

async function registerPhoto(photoId: string, priceIdr: bigint): Promise<void> {
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const about = { title: 'Finish', sale: 'shared', sha256: 'a'.repeat(64), sizeBytes: 5n, format: 'jpeg' };
  const place = { creatorId: creator.accountId, eventId: ids.eventId, originalKey: newObjectKey() };
  await photos.registerPhoto({ photoId, priceIdr, ...place, ...about });
}

async function failPhoto() {
  const photoId = newId();
  await registerPhoto(photoId, 5n);
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  await again(() => photos.failPhoto({ photoId, reason: 'IMAGE_BROKEN' }));
}

async function retryPhoto() {
  await ask('upload', `update uploads set state = 'failed', failure_reason = 'IMAGE_BROKEN' where photo_id = $1`, [
    ids.photoId,
  ]);
  await call('POST', `/v1/uploads/${ids.photoId}/retry`, undefined, creator);
}

async function giveUp() {
  const own = await upload.db
    .selectFrom('uploads')
    .selectAll()
    .where('photo_id', '=', ids.photoId)
    .executeTakeFirstOrThrow();
  const intent = {
    ...own,
    photo_id: newId(),
    sha256: 'b'.repeat(64),
    original_key: newObjectKey(),
    state: 'intended' as const,
  };
  await upload.db.insertInto('uploads').values(intent).execute();
  await again(() => discardIntent(upload, intent));
}

async function offer(priceIdr: number): Promise<string> {
  const photoId = newId();
  await registerPhoto(photoId, BigInt(priceIdr));
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const keys = { previewKey: newObjectKey(), thumbnailKey: newObjectKey() };
  await photos.publishPhoto({ photoId, width: 300, height: 200, ...keys });
  return photoId;
}

async function order(priceIdr: number) {
  const photoId = await offer(priceIdr);
  orderKey = newId();
  return call('POST', '/v1/orders', { lines: [{ photoId, priceIdr }], totalIdr: priceIdr }, member);
}

async function orderAndCancel() {
  const { orderId } = await order(5);
  await call('POST', `/v1/orders/${orderId}/cancel`, undefined, member);
}

async function orderAndPay() {
  await order(0);
  const { paymentUrl } = await order(7);
  await again(async () => {
    const reply = await system.app.inject({
      method: 'POST',
      url: new URL(String(paymentUrl)).pathname,
      payload: { action: 'pay' },
    });
    if (reply.statusCode !== 303) throw new Error(reply.body);
  });
}

async function orderAtOldPrice() {
  const payload = { lines: [{ photoId: await offer(5), priceIdr: 4 }], totalIdr: 4 };
  const headers = { ...member.headers, 'idempotency-key': newId() };
  await again(async () => {
    const reply = await system.app.inject({ method: 'POST', url: '/v1/orders', headers, payload });
    if (reply.statusCode !== 409) throw new Error(reply.body);
  });
}

async function deletePhoto() {
  await call('POST', '/v1/creator/photos/delete', { photoIds: [ids.photoId] }, creator);
  const isSent = () => sent.has('upload/uploads/delete-photos.ts delete-photo-objects');
  await waitFor(isSent, { what: 'upload to delete the photo', timeoutMs: 90_000 });
}

const isEnded = async (facecamId: unknown) => {
  const [row] = await ask('upload', 'select state from facecams where facecam_id = $1', [facecamId]);
  return row !== undefined && row.state !== 'pending';
};

async function enrol(outcome: typeof enrolment) {
  enrolment = outcome;
  const form: Parts = [
    ['keepSelfie', String(outcome === 'alike')],
    ['selfie', await makeImage()],
  ];
  const { facecamId } = await call('POST', '/v1/facecams', undefined, member, form);
  await waitFor(() => isEnded(facecamId), { what: 'the enrolment to end', timeoutMs: 90_000 });
}

async function leaveSelfie() {
  const selfieKey = newObjectKey();
  await insertSelfieIntent(upload.db, { selfieKey, now: new Date() });
  await again(() => discardSelfie(upload, selfieKey));
}

async function hearOfPacks() {
  const until = '2026-12-31T00:00:00Z';
  await again(() => renewFacecams(upload, { memberId: member.accountId, packId: 'one', until }));
  const keys = await ask('upload', 'select facecam_id, selfie_key from facecams where selfie_key is not null');
  await ask('upload', 'update facecams set selfie_key = null');
  await again(() => renewFacecams(upload, { memberId: member.accountId, packId: 'other', until }));
  for (const row of keys)
    await ask('upload', 'update facecams set selfie_key = $1 where facecam_id = $2', [row.selfie_key, row.facecam_id]);
}

async function mendWork() {
  const { mends, close } = await openHoldings({ databaseUrl: system.databaseUrls.upload, before: new Date() });
  await again(() => mends.enrolAgain([{ id: newId() }]));
  await again(() => mends.recogniseAgain([{ id: newId() }]));
  await close();
}

async function removeSelfie() {
  const [row] = await ask('upload', 'select facecam_id from facecams where selfie_key is not null');
  await call('DELETE', `/v1/facecams/${row?.facecam_id}`, undefined, member);
}

async function withdraw() {
  await enrol('alike');
  await call('DELETE', '/v1/me/consent', undefined, member);
  const isSent = () => sent.has('upload/facecams/erase-facecams.ts delete-object');
  await waitFor(isSent, { what: 'upload to erase', timeoutMs: 90_000 });
}

async function askAfterCutOff() {
  await ask('user', `update consent_erasures set cut_off_until = now() - interval '1 minute' where service = 'ai'`);
  const db = openDatabase<UserSchema>({ url: system.databaseUrls.user, poolSizeMax: 1, onTrouble: () => {} });
  const outbox = new Outbox({ db, log: openLog('user', 'silent'), clock: systemClock, publications });
  await again(() => askForCutOff({ db, clock: systemClock, outbox }));
  await db.destroy();
}

/** Stands where ai listens: here nobody has a face. */
function serveAi(): void {
  system.network.serve('ai', {
    interceptors: [],
    routes: (router) => {
      router.service(FaceService, {
        inspectFacecam: () => ({ rejection: '' }),
        enrolFacecam: () =>
          enrolment === 'refused' ? refuse('FACECAM_MISMATCH') : { alikeMemberIds: [creator.accountId] },
        forgetFacecam: () => ({}),
      });
    },
  });
}
