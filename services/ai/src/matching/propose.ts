import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { type Likeness, listLikenesses } from '../templates/likeness-store.ts';
import type { ProposedFaces } from './match-store.ts';
import { hasNearIndex, type Proposal, proposeNear } from './near-index-store.ts';

interface Vector extends Pick<Likeness, 'packId' | 'dimension' | 'embedding' | 'distanceMax'> {
  /** An index that finds a face as near as this, as L2 distance, has found the person. */
  readonly sureDistance: number;
}

/**
 * An index loses all faces of a person whom nobody resembles, because no links of others lead to them. If it finds no face within this share
 * of the cut, where the faces of one person lie, the exact search decides. The share is compared by L2 distance, which errs on the side of the
 * exact search: a lost person is far from the typical face, so by L2 distance strangers are farther from them than by the normalised one.
 */
export const SURE_SHARE = 0.76;

/**
 * The faces that indexes take to be near to a facecam, by pack. If a pack has no index, or its index gave up or found no sure match,
 * the pack is not in the answer and is searched exactly. The snapshots are newer than the caller's own rows, which are committed.
 */
export async function proposeFaces(db: Kysely<AiSchema>, facecamId: string): Promise<ProposedFaces> {
  const proposed = new Map<string, readonly string[]>();
  for (const likeness of await listLikenesses(db, facecamId)) {
    const sureDistance = SURE_SHARE * likeness.candidateDistanceMax;
    const ids = await proposeByVector(db, { ...likeness, sureDistance });
    if (ids !== undefined) proposed.set(likeness.packId, ids);
  }
  return proposed;
}

/** The same for one vector; undefined where the exact search decides. */
export async function proposeByVector(db: Kysely<AiSchema>, vector: Vector): Promise<readonly string[] | undefined> {
  if (!(await hasNearIndex(db, vector.packId))) return undefined;
  const proposal = await propose(db, vector);
  return proposal !== undefined && proposal.nearest <= vector.sureDistance ? proposal.ids : undefined;
}

/** In a transaction of its own: what it sets for the planner must not hold for what comes after. */
function propose(db: Kysely<AiSchema>, vector: Vector): Promise<Proposal | undefined> {
  const { packId, dimension, distanceMax } = vector;
  const near = { vector: vector.embedding, distanceMax };
  return transact(db, (tx) => proposeNear(tx, { packId, dimension }, near));
}
