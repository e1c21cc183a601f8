import { create, toBinary } from '@bufbuild/protobuf';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { Vacuum } from '@kilas/platform/db/vacuum.ts';
import { actOnce } from '@kilas/platform/events/act-on-events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { embeddingTables, matchTables } from '../db/schema.ts';
import { keepConfirmedFace } from '../facecams/keep-confirmed-face.ts';
import { listMatchesByMember } from '../matching/match-store.ts';
import { type OpenDatabase, onBothDatabases } from '../testing/on-both-databases.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, takePhoto } from '../testing/synthetic-steps.ts';
import { onConsentWithdrawn } from '../withdrawals/on-consent-withdrawn.ts';

const clock = drivenClock();
const log = openLog('ai', 'silent');
const die = () => Promise.reject(new Error('the process dies'));
const dies = { run: die, runFor: die };

interface Withdrawal {
  readonly memberId: string;
  readonly eventId: string;
}

/** A replica that acts on withdrawals as user tells them; the answer waits for the proof. */
function replicaOf({ db, url }: OpenDatabase, vacuum: Pick<Vacuum, 'run' | 'runFor'> | undefined = undefined) {
  const whole = new Vacuum({ url, tables: embeddingTables, besides: matchTables });
  const subscription = onConsentWithdrawn({ db, clock, log, vacuum: vacuum ?? whole });
  const act = ({ memberId, eventId }: Withdrawal) => {
    const payload = toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch: 1 }));
    return actOnce(db, subscription, payload, { eventId, key: memberId, occurredAt: clock.now() });
  };
  return {
    act,
    deliver: async (withdrawal: Withdrawal) => {
      const { effects, prove } = await act(withdrawal);
      return { effects, proof: await prove?.() };
    },
  };
}

/** Makes the face of one of the member's photos a template of theirs; answers the photo. */
async function confirmFace({ db }: OpenDatabase, memberId: string): Promise<string> {
  const [match] = await listMatchesByMember(db, memberId, { after: undefined, limit: 1 });
  if (match === undefined) throw new Error('the member is in no photo');
  const isKept = await db.transaction().execute((tx) => keepConfirmedFace(tx, match, clock.now()));
  expect(isKept).toBe(true);
  return match.photoId;
}

async function enrol({ db }: OpenDatabase) {
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  const faces = [likenessOf(person, 0.2), likenessOf(person, 0.3)];
  for (const face of faces) await addPhoto(db, [face, newPerson()]);
  return { memberId, eventId: newId(), person, faces };
}

/** What VACUUM counted in each table and primary key, beside what there is. */
async function countTuples({ db }: OpenDatabase) {
  const { rows } = await sql<{ tuples: number; rows: number }>`
    select reltuples::int as tuples, case when relname like 'faces%' then (select count(*)::int from faces)
      else (select count(*)::int from templates) end as rows
    from pg_class where relname in ('faces', 'faces_pk', 'templates', 'templates_pk')`.execute(db);
  return { inTables: rows.map(({ tuples }) => tuples), shouldBe: rows.map((row) => row.rows) };
}

async function expectNothingDead(database: OpenDatabase): Promise<void> {
  const { inTables, shouldBe } = await countTuples(database);
  expect(inTables).toEqual(shouldBe);
}

onBothDatabases((database) => {
  test('a withdrawal is answered when a search with each erased vector found nothing and no dead row was left', async () => {
    const member = await enrol(database);
    const { effects, proof } = await replicaOf(database).deliver(member);
    expect(effects).toEqual({ templates: 1, faces: 2, facesCutOff: 0, matches: 2 });
    const at = clock.now();
    expect(proof).toEqual({ unsearchableAt: at, goneAt: at, vectorsProbed: 3, survivors: 0 });
    await expectNothingDead(database);
  });

  test('a process that dies between the commit and VACUUM leaves the rest to the next delivery, elsewhere', async () => {
    const member = await enrol(database);
    await expect(replicaOf(database, dies).deliver(member)).rejects.toThrow('dies');
    const committedAt = clock.now();
    clock.advance(30);
    const { effects, proof } = await replicaOf(database).deliver(member);
    expect(effects).toEqual({ templates: 1, faces: 2, facesCutOff: 0, matches: 2 });
    expect(proof).toEqual({ unsearchableAt: committedAt, goneAt: clock.now(), vectorsProbed: 3, survivors: 0 });
    await expectNothingDead(database);
  });

  test('one that dies right after the commit knows the vectors no longer: what is left of the member is counted', async () => {
    const member = await enrol(database);
    await replicaOf(database).act(member);
    const { proof } = await replicaOf(database).deliver(member);
    expect(proof).toEqual({ unsearchableAt: clock.now(), goneAt: clock.now(), vectorsProbed: 0, survivors: 0 });
  });

  test('an answer that was lost is given again with the times of the first', async () => {
    const member = await enrol(database);
    const first = await replicaOf(database).deliver(member);
    clock.advance(60);
    expect(await replicaOf(database).deliver(member)).toEqual(first);
  });

  test('a face that stands elsewhere with the very vector that was erased is told', async () => {
    const member = await enrol(database);
    // In a photo of the member's own, which never matches them.
    await takePhoto(database.db, [member.faces[0] ?? newPerson()], { creatorId: member.memberId });
    const { proof } = await replicaOf(database).deliver(member);
    expect(proof).toMatchObject({ vectorsProbed: 3, survivors: 1 });
  });

  test('a template that survived is told, also by a process that knows no vectors', async () => {
    for (const isSameProcess of [true, false]) {
      const member = await enrol(database);
      const { prove } = await replicaOf(database).act(member);
      await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, created_at)
        values (${newId()}, ${member.memberId}, 1, 'test-pack', ${`[${member.person.join(',')}]`}, now())`.execute(
        database.db,
      );
      const proof = isSameProcess ? await prove?.() : (await replicaOf(database).deliver(member)).proof;
      expect(proof).toMatchObject({ vectorsProbed: isSameProcess ? 3 : 0, survivors: 1 });
    }
  });

  test('a confirmed face is given up with its template, wherever the default cut has moved since', async () => {
    const person = newPerson();
    const { memberId } = await addFacecam(database.db, person);
    await addPhoto(database.db, [likenessOf(person, 0.5), newPerson()]);
    const photoId = await confirmFace(database, memberId);
    // A crowd in which the face may be a stranger by now.
    await database.db.updateTable('photo_recognitions').set({ face_count: 10_000_000 }).execute();
    const { effects, proof } = await replicaOf(database).deliver({ memberId, eventId: newId() });
    await database.db.updateTable('photo_recognitions').set({ face_count: 2 }).execute();
    // Nobody finds it within the cut of today: it waits, and its copy is no survivor.
    expect(effects).toMatchObject({ templates: 2, faces: 0, facesCutOff: 1 });
    expect(proof).toMatchObject({ survivors: 0 });
    const waiting = database.db.selectFrom('cut_off_places').select('photo_id').where('photo_id', '=', photoId);
    expect(await waiting.execute()).toHaveLength(1);
  });

  test("a confirmed face of the member that survived is told, another consenting member's is none", async () => {
    for (const isOwn of [true, false]) {
      const member = await enrol(database);
      const { prove } = await replicaOf(database).act(member);
      const ownerId = isOwn ? member.memberId : (await addFacecam(database.db, newPerson())).memberId;
      await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, source, photo_id, created_at)
        values (${newId()}, ${ownerId}, 1, 'test-pack', ${`[${member.faces[0]?.join(',')}]`}, 'confirmed', ${newId()}, now())`.execute(
        database.db,
      );
      expect(await prove?.()).toMatchObject({ vectorsProbed: 3, survivors: isOwn ? 1 : 0 });
    }
  });

  test('a withdrawal that reaches two replicas at once is one, with one proof', async () => {
    const member = await enrol(database);
    const answers = await Promise.all([replicaOf(database).deliver(member), replicaOf(database).deliver(member)]);
    for (const { effects, proof } of answers) {
      expect(effects).toEqual({ templates: 1, faces: 2, facesCutOff: 0, matches: 2 });
      expect(proof).toMatchObject({ goneAt: clock.now(), survivors: 0 });
    }
  });

  test('who had no facecam has nothing to be looked for', async () => {
    const { effects, proof } = await replicaOf(database).deliver({ memberId: newId(), eventId: newId() });
    expect(effects).toEqual({ templates: 0, faces: 0, facesCutOff: 0, matches: 0 });
    expect(proof).toEqual({ unsearchableAt: clock.now(), goneAt: clock.now(), vectorsProbed: 0, survivors: 0 });
  });
});

test('what the snapshot of a backup can still read is unsearchable, and gone only after the backup', async () => {
  const database = await openConcurrentDatabase();
  const backup = new pg.Client({ connectionString: database.url });
  await backup.connect();
  try {
    const member = await enrol(database);
    await backup.query('begin isolation level repeatable read');
    await backup.query('select count(*) from faces');
    const unsearchableAt = clock.now();
    const first = await replicaOf(database).deliver(member);
    expect(first.proof).toEqual({ unsearchableAt, goneAt: undefined, vectorsProbed: 3, survivors: 0 });
    await backup.query('commit');
    clock.advance(60);
    const second = await replicaOf(database).deliver(member);
    expect(second.proof).toMatchObject({ unsearchableAt, goneAt: clock.now() });
  } finally {
    await backup.end();
    await database.close();
  }
});
