import { createPrivateKey, createPublicKey } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code, createClient } from '@connectrpc/connect';
import { MatchesFoundSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { ConsentWithdrawnSchema, CreatorJoinedSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { systemClock } from '../process/clock.ts';
import { newId } from '../process/ids.ts';
import { openLog } from '../process/log.ts';
import { MemoryNetwork } from '../rpc/rpc-client.ts';
import { serverInterceptors } from '../rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from '../rpc/service-token.ts';
import { eventTables } from '../testing/event-tables.ts';
import type { DeletionProof } from './deletion-proof.ts';
import { subscribe, subscribeWithFollowUp, subscribeWithProof } from './events.ts';
import { Outbox } from './outbox/outbox.ts';
import { registerSubscriptions } from './serve-events.ts';

const log = openLog('test', 'silent');
const database = await createTestDatabase();
const db = openDatabase<object>({ url: database.url, poolSizeMax: 5, onTrouble: () => {} });
await sql.raw(eventTables).execute(db);
await sql`create table erased (member_id text, epoch int)`.execute(db);

const [key, otherKey] = [newServiceKey(), newServiceKey()];
const network = new MemoryNetwork();
const sign = createServiceSigner('user', createPrivateKey(key.privateKeyPem));
const verify = createServiceVerifier('photo', {
  user: createPublicKey(key.publicKeyPem),
  ai: createPublicKey(otherKey.publicKeyPem),
});
let failures = 0;
/** What each follow-up saw committed. */
const followUps: number[][] = [];
const servePhoto = () =>
  network.serve('photo', {
    interceptors: serverInterceptors(verify, log),
    routes: (router) =>
      registerSubscriptions(
        router,
        db,
        [
          subscribe('user', ConsentWithdrawnSchema, async (tx, { memberId, epoch }) => {
            await sql`insert into erased values (${memberId}, ${epoch})`.execute(tx);
            if (memberId === 'flaky' && failures++ === 0) throw new Error('dies after it wrote');
            return { matches: epoch };
          }),
          subscribe('ai', MatchesFoundSchema, async () => ({})),
          subscribeWithFollowUp(
            'user',
            CreatorJoinedSchema,
            async (tx, { creatorId }) => {
              await sql`insert into erased values (${creatorId}, 1)`.execute(tx);
              return { creators: 1 };
            },
            async ({ creatorId }) => {
              followUps.push(await epochsOf(creatorId));
              if (followUps.length === 1) throw new Error('dies after the commit');
            },
          ),
        ],
        log,
      ),
  });

/** Why the subscriber of `ai` says that what it erased is gone, or does not. */
let isHeld = true;
const aiProofs: string[] = [];
const serveAi = () =>
  network.serve('ai', {
    interceptors: serverInterceptors(createServiceVerifier('ai', { user: createPublicKey(key.publicKeyPem) }), log),
    routes: (router) =>
      registerSubscriptions(
        router,
        db,
        [
          subscribeWithProof(
            'user',
            CreatorJoinedSchema,
            async () => ({ effects: { templates: 2 }, prove: async () => proofOf('what was erased') }),
            async () => proofOf('counts'),
          ),
        ],
        log,
      ),
  });

function proofOf(by: string) {
  aiProofs.push(by);
  const at = new Date('2026-05-01T00:00:00Z');
  return { unsearchableAt: at, goneAt: isHeld ? undefined : at, vectorsProbed: by === 'counts' ? 0 : 2, survivors: 0 };
}

const outbox = new Outbox({
  db,
  log,
  clock: systemClock,
  publications: [
    { event: ConsentWithdrawnSchema, subscribers: ['photo'] },
    { event: CreatorJoinedSchema, subscribers: ['ai'] },
  ],
});
const delivered: { subscriber: string; eventId: string; effects: unknown; proof?: DeletionProof }[] = [];
outbox.handle(network.peersFor(sign), async (subscriber, { eventId }, answer) => {
  delivered.push({ subscriber, eventId, ...answer });
});
outbox.work();

afterAll(async () => {
  await outbox.stop();
  await db.destroy();
  await database.drop();
});

const publish = (memberId: string, epoch: number) =>
  db.transaction().execute((tx) => outbox.publish(tx, ConsentWithdrawnSchema, memberId, { memberId, epoch }));
const epochsOf = async (memberId: string) => {
  const { rows } = await sql<{ epoch: number }>`select epoch from erased where member_id = ${memberId}`.execute(db);
  return rows.map(({ epoch }) => epoch);
};

test('a fact reaches a subscriber that was away, in order, and the publisher hears what it did', async () => {
  const first = await publish('away', 1);
  await publish('away', 2);
  servePhoto();
  await waitFor(() => delivered.length === 2, { what: 'both events', timeoutMs: 15_000 });
  expect(await epochsOf('away')).toEqual([1, 2]);
  expect(delivered[0]).toEqual({ subscriber: 'photo', eventId: first, effects: { matches: 1 } });
});

test('a fact whose transaction rolls back is told to nobody', async () => {
  const rolledBack = db.transaction().execute(async (tx) => {
    await outbox.publish(tx, ConsentWithdrawnSchema, 'nobody', { memberId: 'nobody', epoch: 1 });
    throw new Error('roll back');
  });
  await expect(rolledBack).rejects.toThrow('roll back');
  const after = await publish('after', 1);
  await waitFor(() => delivered.some(({ eventId }) => eventId === after), { what: 'a later event' });
  expect(await epochsOf('nobody')).toEqual([]);
});

test('a subscriber that dies while it acts acts once in the end', async () => {
  const eventId = await publish('flaky', 3);
  await waitFor(() => delivered.some((entry) => entry.eventId === eventId), { what: 'the second delivery' });
  expect(failures).toBe(2);
  expect(await epochsOf('flaky')).toEqual([3]);
});

test('what follows the commit is done before the answer, and again until it went well, while the event acts once', async () => {
  const client = createClient(EventService, network.peersFor(sign)('photo'));
  const payload = toBinary(CreatorJoinedSchema, create(CreatorJoinedSchema, { creatorId: 'followed' }));
  const event = { eventId: newId(), type: CreatorJoinedSchema.typeName, payload };
  await expect(client.deliver(event)).rejects.toThrow();
  expect((await client.deliver(event)).effects).toEqual({ creators: 1 });
  expect(followUps).toEqual([[1], [1]]);
});

test('an event that is delivered twice, also at once, is acted on once and answered the same', async () => {
  const client = createClient(EventService, network.peersFor(sign)('photo'));
  const eventId = '0190a000-0000-7000-8000-000000000001';
  const event = { eventId, type: ConsentWithdrawnSchema.typeName, payload: new Uint8Array([10, 1, 120, 16, 4]) };
  const answers = await Promise.all([client.deliver(event), client.deliver(event), client.deliver(event)]);
  expect(answers.map(({ effects }) => effects)).toEqual([{ matches: 4 }, { matches: 4 }, { matches: 4 }]);
  expect(await epochsOf('x')).toEqual([4]);
});

test('a service tells only the events that it publishes', async () => {
  const signAsAi = createServiceSigner('ai', createPrivateKey(otherKey.privateKeyPem));
  const client = createClient(EventService, network.peersFor(signAsAi)('photo'));
  const own = { eventId: newId(), type: MatchesFoundSchema.typeName };
  expect(await client.deliver(own)).toMatchObject({ effects: {} });
  const payload = toBinary(
    ConsentWithdrawnSchema,
    create(ConsentWithdrawnSchema, { memberId: 'erased by ai', epoch: 1 }),
  );
  const forged = { eventId: newId(), type: ConsentWithdrawnSchema.typeName, payload };
  await expect(client.deliver(forged)).rejects.toMatchObject({ code: Code.PermissionDenied });
  expect(await epochsOf('erased by ai')).toEqual([]);
});

test('what was told is soon forgotten', async () => {
  const eventId = await publish('forgotten', 1);
  const entries = async () => {
    const { rows } = await sql`select from outbox_events where event_id = ${eventId}`.execute(db);
    return rows.length;
  };
  expect(await entries()).toBe(1);
  await waitFor(async () => (await entries()) === 0, { what: 'the entry to go' });
  expect(await epochsOf('forgotten')).toEqual([1]);
});

test('who cannot prove an erasure yet is told again until they can, and proves it anew each time', async () => {
  serveAi();
  const eventId = await db
    .transaction()
    .execute((tx) => outbox.publish(tx, CreatorJoinedSchema, 'c', { creatorId: 'c', displayName: 'C' }));
  const answers = () => delivered.filter((answer) => answer.eventId === eventId);
  await waitFor(() => answers().length >= 2, { what: 'a second delivery', timeoutMs: 20_000 });
  isHeld = false;
  await waitFor(() => answers().at(-1)?.proof?.goneAt !== undefined, { what: 'the proof', timeoutMs: 20_000 });
  const at = new Date('2026-05-01T00:00:00Z');
  const first = { unsearchableAt: at, goneAt: undefined, vectorsProbed: 2, survivors: 0 };
  expect(answers()[0]).toMatchObject({ effects: { templates: 2 }, proof: first });
  expect(answers().at(-1)?.proof).toEqual({ unsearchableAt: at, goneAt: at, vectorsProbed: 0, survivors: 0 });
  expect(aiProofs.slice(0, 2)).toEqual(['what was erased', 'counts']);
});
