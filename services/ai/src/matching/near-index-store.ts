import { createHash } from 'node:crypto';
import { type Kysely, type QueryExecutorProvider, type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/**
 * Links of a row, and rows looked at to find them. Some faces are no other face's neighbour, so no link leads to them and no search finds
 * them. With fewer links there are more such faces: see docs/benchmarks.md.
 */
const build = sql.raw('m = 24, ef_construction = 100');
/** Rows that the index looks at before it answers the first one, and again whenever more are wanted. */
const efSearch = 800;
/** After so many rows the index gives up, and the exact search decides. */
const scanTuplesMax = 100_000;
/** Memory of one scan, as a multiple of work_mem (4 MB): a scan that needs more gives up as well. */
const scanMemMultiplier = 16;
const batchSizes = { first: 200, max: 3200 };
/** The cut counts as passed after so many rows in a row that are outside it: the index answers nearly in order, not quite. */
const beyondCount = 100;

/** The HNSW index over the faces of one pack. */
export interface NearIndex {
  readonly packId: string;
  readonly dimension: number;
}

/** Faces, nearest first or nearly so; and the distance of the nearest. */
export interface Proposal {
  readonly ids: readonly string[];
  readonly nearest: number;
}

/** PostgreSQL cuts names at 63 bytes, and a pack's id may hold anything. */
export function nearIndexName(packId: string): string {
  return `faces_near_${createHash('sha256').update(packId).digest('hex').slice(0, 16)}`;
}

/** Whether the index is there and whole. */
export async function hasNearIndex(db: QueryExecutorProvider, packId: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${nearIndexName(packId)} and n.nspname = current_schema() and i.indisvalid`.execute(db);
  return rows.length > 0;
}

/** Of PostgreSQL's memory, what a row of the index takes while it is built: measured, by pgvector 0.8.6 with 24 links. */
const rowBytes = { fixed: 850, perDimension: 5 };
const memoryMbMin = 64;

/** Memory in which an index of so many rows is built without reading from disk, with a tenth for those that come meanwhile. */
export function memoryMbFor(rows: number, dimension: number): number {
  const bytes = 1.1 * rows * (rowBytes.fixed + rowBytes.perDimension * dimension);
  return Math.max(memoryMbMin, Math.ceil(bytes / 2 ** 20));
}

/** As the owner of the tables. What a broken attempt left goes first. */
export async function createNearIndex(owner: QueryExecutorProvider, index: NearIndex): Promise<void> {
  if (await hasNearIndex(owner, index.packId)) return;
  await dropNearIndex(owner, index.packId);
  await buildNearIndex(owner, index);
}

/** Outside of transactions: writes go on meanwhile. */
export async function buildNearIndex(owner: QueryExecutorProvider, index: NearIndex): Promise<void> {
  const { packId } = index;
  await sql`
    create index concurrently if not exists ${sql.ref(nearIndexName(packId))} on faces
    using hnsw (${embeddingOf(index)} vector_l2_ops) with (${build}) where pack_id = ${sql.lit(packId)}`.execute(owner);
}

export async function dropNearIndex(owner: QueryExecutorProvider, packId: string): Promise<void> {
  await sql`drop index concurrently if exists ${sql.ref(nearIndexName(packId))}`.execute(owner);
}

/**
 * All faces that the index takes to be within `distanceMax` of a vector ("[…]"), and some farther ones; their exact distance decides.
 * Undefined, which asks for the exact search, when the index gave up before it had passed the cut.
 */
export async function proposeNear(
  tx: Transaction<AiSchema>,
  index: NearIndex,
  { vector, distanceMax }: { vector: string; distanceMax: number },
): Promise<Proposal | undefined> {
  await sql`
    set local hnsw.iterative_scan = relaxed_order;
    set local hnsw.ef_search = ${sql.lit(efSearch)};
    set local hnsw.max_scan_tuples = ${sql.lit(scanTuplesMax)};
    set local hnsw.scan_mem_multiplier = ${sql.lit(scanMemMultiplier)};
    set local enable_seqscan = off;
    set local enable_sort = off;
    set local enable_bitmapscan = off;`.execute(tx);
  const distance = sql`${embeddingOf(index)} <-> ${sql.lit(vector)}::vector(${sql.lit(index.dimension)})`;
  await sql`
    declare near no scroll cursor for select face_id as id, ${distance} as distance from faces
    where pack_id = ${sql.lit(index.packId)} order by ${distance}`.execute(tx);
  try {
    const ids: string[] = [];
    let nearest = Number.POSITIVE_INFINITY;
    let beyond = 0;
    for (let size = batchSizes.first; ; size = Math.min(2 * size, batchSizes.max)) {
      const { rows } = await sql<{ id: string; distance: number }>`fetch ${sql.lit(size)} from near`.execute(tx);
      for (const row of rows) {
        ids.push(row.id);
        nearest = Math.min(nearest, row.distance);
        beyond = row.distance > distanceMax ? beyond + 1 : 0;
      }
      if (beyond >= beyondCount) return { ids, nearest };
      if (rows.length < size) return undefined;
    }
  } finally {
    await sql`close near`.execute(tx);
  }
}

/** Of one pack. */
export async function countFaces(db: QueryExecutorProvider, packId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from faces where pack_id = ${packId}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Of packs that have more than `exactMax` faces and no index. */
export async function listMissingIndexes(db: Kysely<AiSchema>, exactMax: number): Promise<NearIndex[]> {
  const packs = await db.selectFrom('packs').select(['pack_id', 'dimension']).orderBy('pack_id').execute();
  const missing: NearIndex[] = [];
  for (const { pack_id: packId, dimension } of packs) {
    // Stops counting as soon as it is known.
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from
      (select from faces where pack_id = ${packId} limit ${exactMax + 1}) as stored`.execute(db);
    const isLarge = (rows[0]?.count ?? 0) > exactMax;
    if (isLarge && !(await hasNearIndex(db, packId))) missing.push({ packId, dimension });
  }
  return missing;
}

function embeddingOf({ dimension }: Pick<NearIndex, 'dimension'>): RawBuilder<unknown> {
  return sql`(embedding::vector(${sql.lit(dimension)}))`;
}
