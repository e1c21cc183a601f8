import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { readVector } from '../db/vector.ts';
import { likenessOf } from '../distances/normalised-distance.ts';
import { probeVectors } from '../erasures/probe-vectors.ts';
import { takeAway } from '../facecams/take-away.ts';
import { onBothDatabases } from '../testing/on-both-databases.ts';
import { newPerson, likenessOf as pictureOf } from '../testing/synthetic-faces.ts';
import { packId, storeFacecam } from '../testing/synthetic-steps.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { deleteTemplates } from './template-store.ts';

onBothDatabases((database) => {
  /** The facecams that lead, each with what it is searched by. */
  async function leadsOf(memberId: string) {
    const { rows } = await sql<{ facecamId: string; epoch: number; vector: string }>`
      select facecam_id as "facecamId", consent_epoch as epoch, coalesce(likeness, embedding)::text as vector
      from templates where member_id = ${memberId} and is_lead order by consent_epoch`.execute(database.db);
    return rows.map((row) => ({ ...row, vector: readVector(row.vector) }));
  }

  const expectOne = async (memberId: string, facecamId: string, selfies: readonly Float32Array[]) => {
    const [lead, ...others] = await leadsOf(memberId);
    expect(others).toEqual([]);
    expect(lead?.facecamId).toBe(facecamId);
    expect(l2Distance(lead?.vector ?? new Float32Array(), likenessOf(selfies))).toBeLessThan(1e-5);
  };

  test('the newest facecam leads, with what all have in common; without it the one before leads with the rest', async () => {
    const { db } = database;
    const person = newPerson();
    const selfies = [pictureOf(person, 0.2), pictureOf(person, 0.2), pictureOf(person, 0.2)];
    const memberId = newId();
    const facecams = [];
    for (const selfie of selfies) facecams.push(await storeFacecam(db, selfie, { memberId }));
    const [, second, third] = facecams.map(({ facecamId }) => facecamId);
    await expectOne(memberId, third ?? '', selfies);
    await takeAway(db, memberId, (tx) => deleteTemplates(tx, third ?? '', memberId));
    await expectOne(memberId, second ?? '', selfies.slice(0, 2));
  });

  test('two facecams at the same moment make one likeness of both', async () => {
    const { db } = database;
    for (let round = 0; round < 10; round++) {
      const person = newPerson();
      const selfies = [pictureOf(person, 0.2), pictureOf(person, 0.2)];
      const memberId = newId();
      await Promise.all(selfies.map((selfie) => storeFacecam(db, selfie, { memberId })));
      const [lead, ...others] = await leadsOf(memberId);
      expect(others).toEqual([]);
      expect(l2Distance(lead?.vector ?? new Float32Array(), likenessOf(selfies)), `round ${round}`).toBeLessThan(1e-5);
    }
  });

  test('what was enrolled under a consent that is withdrawn has no part in what is enrolled under the next', async () => {
    const { db } = database;
    const person = newPerson();
    const [before, after] = [pictureOf(person, 0.2), pictureOf(person, 0.2)];
    const memberId = newId();
    await storeFacecam(db, before, { memberId });
    const { facecamId } = await storeFacecam(db, after, { memberId, consentEpoch: 2 });
    const leads = await leadsOf(memberId);
    expect(leads.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const [at, selfie] of [before, after].entries()) {
      expect(l2Distance(leads[at]?.vector ?? new Float32Array(), likenessOf([selfie]))).toBeLessThan(1e-5);
    }
    await db
      .transaction()
      .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    await expectOne(memberId, facecamId, [after]);
  });

  test('a likeness that survived its erasure is found by the search for what was erased', async () => {
    const { db } = database;
    const person = newPerson();
    const memberId = newId();
    await storeFacecam(db, pictureOf(person, 0.2), { memberId });
    await storeFacecam(db, pictureOf(person, 0.2), { memberId });
    const [lead] = await leadsOf(memberId);
    const vectors = [{ packId, embedding: `[${(lead?.vector ?? new Float32Array()).join(',')}]` }];
    expect(await probeVectors(db, vectors)).toEqual({ vectorsProbed: 1, survivors: 1 });
    await db
      .transaction()
      .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    expect(await probeVectors(db, vectors)).toEqual({ vectorsProbed: 1, survivors: 0 });
  });
});
