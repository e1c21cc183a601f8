import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { defaultDistanceMax } from '../distances/default-cut.ts';
import { listDefaultCuts } from '../distances/default-cut-store.ts';
import { readCalibrations } from '../packs/pack-store.ts';

interface FaceOfMatch {
  readonly packId: RawBuilder<unknown>;
  readonly isSure: RawBuilder<unknown>;
  readonly distance: RawBuilder<unknown>;
}

/** A condition in SQL: of two faces of one photo that match one member, one for which it holds counts first, then the nearer one. */
export type CountsFirst = (face: FaceOfMatch) => RawBuilder<boolean>;

/**
 * A sure face counts first if it is near enough to be shown by default, as its pack's calibration says. A sure face that is farther away would
 * hide a nearer face about which the member is asked, and nobody would see the sure face either.
 */
export async function readCountsFirst(db: Db<AiSchema>): Promise<CountsFirst> {
  const calibrations = [...(await readCalibrations(db))];
  const [defaultCut] = await listDefaultCuts(db);
  const byPack = calibrations.map(([packId, known]) => [packId, defaultDistanceMax({ ...known, defaultCut })]);
  const distances = JSON.stringify(Object.fromEntries(byPack));
  const otherwise = sql.lit(defaultDistanceMax({ ...dlibCalibration, defaultCut }));
  return ({ packId, isSure, distance }) =>
    sql<boolean>`(${isSure} and ${distance} <= coalesce((${distances}::jsonb ->> ${packId})::double precision, ${otherwise}))`;
}
