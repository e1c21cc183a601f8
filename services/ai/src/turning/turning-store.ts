import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { vectorOf } from '../db/vector.ts';

const batchSize = 500;

export async function findMark(db: Db<AiSchema>): Promise<string | undefined> {
  return (await db.selectFrom('turning').select('mark').executeTakeFirst())?.mark;
}

/** Notes the mark, or locks the one that is there and answers it. */
export async function insertOrLockMark(
  tx: Transaction<AiSchema>,
  mark: string,
  turnedAt: Date,
): Promise<string | undefined> {
  const inserted = await tx
    .insertInto('turning')
    .values({ mark, turned_at: turnedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('mark')
    .executeTakeFirst();
  if (inserted !== undefined) return undefined;
  return (await tx.selectFrom('turning').select('mark').forUpdate().executeTakeFirstOrThrow()).mark;
}

export async function updateMark(tx: Transaction<AiSchema>, mark: string, turnedAt: Date): Promise<void> {
  await tx.updateTable('turning').set({ mark, turned_at: turnedAt }).execute();
}

/** All that have stored embeddings. */
export async function listPacks(tx: Transaction<AiSchema>): Promise<{ packId: string; dimension: number }[]> {
  const rows = await tx.selectFrom('packs').select(['pack_id', 'dimension']).orderBy('pack_id').execute();
  return rows.map((row) => ({ packId: row.pack_id, dimension: row.dimension }));
}

/** Replaces all embeddings of a pack, batch after batch; answers how many. */
export async function updateEmbeddings(tx: Transaction<AiSchema>, packId: string, turn: Turn): Promise<number> {
  const ofPack = sql<boolean>`pack_id = ${packId}`;
  return (
    (await updateTypicalFace(tx, packId, turn)) +
    (await updateColumn(tx, { table: 'faces', id: 'face_id', column: 'embedding', where: ofPack }, turn)) +
    (await updateColumn(tx, { table: 'templates', id: 'facecam_id', column: 'embedding', where: ofPack }, turn)) +
    (await updateColumn(tx, { table: 'templates', id: 'facecam_id', column: 'likeness', where: ofPack }, turn))
  );
}

/** Replaces the imprints of all faces, batch after batch; answers how many. */
export async function updateImprints(tx: Transaction<AiSchema>, turn: Turn): Promise<number> {
  const imprints = { table: 'face_imprints', id: 'face_id', where: sql<boolean>`true` };
  return (
    (await updateColumn(tx, { ...imprints, column: 'imprint' }, turn)) +
    (await updateColumn(tx, { ...imprints, column: 'marked_imprint' }, turn))
  );
}

type Turn = (vector: readonly number[]) => Float32Array;

/** `id` tells the rows apart for which `where` holds. */
interface VectorColumn {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly where: RawBuilder<boolean>;
}

async function updateColumn(tx: Transaction<AiSchema>, given: VectorColumn, turn: Turn): Promise<number> {
  const [table, id, column] = [sql.table(given.table), sql.ref(given.id), sql.ref(given.column)];
  let count = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<{ id: string; vector: string }>`
      select ${id} as id, ${column}::text as vector from ${table}
      where ${given.where} and ${column} is not null and ${id} > ${after}::uuid order by ${id} limit ${batchSize}`.execute(
      tx,
    );
    const last = rows.at(-1);
    if (last === undefined) return count;
    const ids = rows.map((row) => row.id);
    const turned = rows.map((row) => vectorOf(turn(JSON.parse(row.vector))));
    await sql`
      update ${table} set ${column} = given.vector::vector
      from unnest(${ids}::uuid[], ${turned}::text[]) as given (id, vector)
      where ${id} = given.id and ${given.where}`.execute(tx);
    count += rows.length;
    after = last.id;
  }
}

/** Answers how many there were, one or none. */
async function updateTypicalFace(tx: Transaction<AiSchema>, packId: string, turn: Turn): Promise<number> {
  const { rows } = await sql<{ embedding: string }>`
    select embedding::text from typical_faces where pack_id = ${packId} for update`.execute(tx);
  for (const { embedding } of rows)
    await sql`
      update typical_faces set embedding = ${vectorOf(turn(JSON.parse(embedding)))}::vector where pack_id = ${packId}`.execute(
      tx,
    );
  return rows.length;
}
