import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceAtFalseMatchRate } from '@kilas/face-engine/distances/level.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import type { AiSchema } from '../db/schema.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { countOthers, listMembersNear } from './alike-store.ts';

/** Members told of for one facecam at most, the nearest. */
export const alikeMembersMax = 10;
/** Strangers that one enrolment may expect to be told of: twenty enrolments alarm one pair of people for nothing. */
const strangersMax = 0.05;

/**
 * Other members who are enrolled with a face so like that of this facecam that chance is unlikely, the nearest first. Call it after the templates
 * of the facecam were committed: then of two who enrol at the same moment, at least one finds the other.
 */
export async function listAlikeMembers(db: Db<AiSchema>, facecamId: string): Promise<string[]> {
  const calibrationOf = await listCalibrations(db);
  const found = new Set<string>();
  for (const { packId, others } of await countOthers(db, facecamId)) {
    if (others === 0) continue;
    const distanceMax = alikeDistanceMax(calibrationOf(packId), others);
    const facecam = { facecamId, packId };
    for (const memberId of await listMembersNear(db, facecam, { distanceMax, limit: alikeMembersMax }))
      found.add(memberId);
  }
  return [...found].slice(0, alikeMembersMax);
}

/** As near as facecams of one member are, and nearer the more people there are to be taken for each other. */
export function alikeDistanceMax(calibration: Calibration, otherMembers: number): number {
  return Math.min(
    calibration.samePersonDistanceMax,
    distanceAtFalseMatchRate(calibration, strangersMax / Math.max(1, otherMembers)),
  );
}
