import path from 'node:path';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import type { PackManifest } from '@kilas/face-engine/packs/manifest.ts';
import type { PackPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { CARD_FILE, cardProblems, readCard } from '@kilas/face-engine/packs/pack-card.ts';
import { PackError } from '@kilas/face-engine/packs/pack-error.ts';
import { ConfigError } from '@kilas/platform/process/env.ts';

interface Candidate {
  readonly place: PackPlace;
  /** As it lies in the pack's folder. */
  readonly manifest: PackManifest;
  /** The one in force, which may be the installation's own. */
  readonly calibration: Calibration;
}

/**
 * Holds a pack that an operator brought against its card before it may be in force. Throws one ConfigError that lists what is missing or
 * missed and says what to do; for the pack that `forcedId` names it answers that list instead. A built-in pack passes: what its card says
 * is known, and told.
 */
export async function holdGate(candidate: Candidate, forcedId: string | undefined): Promise<readonly string[]> {
  const { id, folder, isBuiltIn } = candidate.place;
  if (isBuiltIn) return [];
  const problems = await listProblems(candidate);
  if (problems.length === 0 || forcedId === id) return problems;
  const command = `PACKS_FOLDER=${path.dirname(folder)} FACE_PACK=${id} npm run faces -- strangers DIR --pass default --write-card ${path.join(folder, CARD_FILE)}`;
  throw new ConfigError([
    ...problems.map((problem) => `model pack ${id}: ${problem}`),
    `model pack ${id}: measure it with ${command}, or set FACE_PACK_FORCE=${id} to take it as it is (docs/packs.md)`,
  ]);
}

async function listProblems({ place, manifest, calibration }: Candidate): Promise<string[]> {
  try {
    const card = await readCard(place.folder);
    const problems = cardProblems(card, manifest);
    if (card !== undefined && falseMatchRate(calibration, card.cut) < falseMatchRate(manifest.calibration, card.cut))
      // Farther apart than the cut that was measured, nobody knows how often strangers match.
      problems.push(
        `the calibration in CALIBRATION_FOLDER shows faces farther apart than ${CARD_FILE} was measured for`,
      );
    return problems;
  } catch (error) {
    if (error instanceof PackError) return [...error.problems];
    throw error;
  }
}
