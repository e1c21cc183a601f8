import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { packId, takePhoto } from '../testing/synthetic-steps.ts';
import { listFoundByIndex, listIndexedTables, nearest } from './probe-store.ts';
import { probeVectors } from './probe-vectors.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

test('what an index still proposes is found, by the index itself', async () => {
  const { db } = database;
  const [erased, left] = [newPerson(), newPerson()];
  const vectors = [erased, left].map((person) => ({ packId, embedding: `[${person.join(',')}]` }));
  await takePhoto(db, [left, likenessOf(erased, 0.2), ...Array.from({ length: 40 }, newPerson)]);
  expect(await listIndexedTables(db)).toEqual([]);
  expect(await probeVectors(db, vectors)).toEqual({ vectorsProbed: 2, survivors: 1 });

  await sql`create index faces_near on faces using hnsw ((embedding::vector(128)) vector_l2_ops)
    where pack_id = ${sql.lit(packId)}`.execute(db);
  expect(await listIndexedTables(db)).toEqual(['faces']);
  expect(await listFoundByIndex(db, { table: 'faces', memberId: undefined }, vectors)).toEqual([1]);
  expect(await probeVectors(db, vectors)).toEqual({ vectorsProbed: 2, survivors: 1 });
  const plan = await db.transaction().execute(async (tx) => {
    await sql`set local enable_seqscan = off; set local enable_sort = off`.execute(tx);
    return sql`explain ${nearest({ table: 'faces', memberId: undefined }, vectors[0] ?? { packId, embedding: '' })}`.execute(
      tx,
    );
  });
  expect(JSON.stringify(plan.rows)).toContain('faces_near');
});
