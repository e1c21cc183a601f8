import type { Db } from '@kilas/platform/db/database.ts';
import type { AiSchema } from '../db/schema.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { findFarthestDistance } from '../templates/template-store.ts';

/**
 * Whether an embedding is near to all selfies that the member has under its pack. All and not one of them, or a chain of
 * look-alikes would lead from one person to another.
 */
export async function isSamePerson(
  db: Db<AiSchema>,
  selfie: { memberId: string; packId: string; embedding: Float32Array },
): Promise<boolean> {
  const { samePersonDistanceMax } = (await listCalibrations(db))(selfie.packId);
  return (await findFarthestDistance(db, selfie)) <= samePersonDistanceMax;
}
