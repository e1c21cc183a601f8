import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { listClaimedFaces } from '../claims/claim-store.ts';
import type { AiSchema } from '../db/schema.ts';
import { isWithinDefaultCut, isWithinDefaultLevel, type JudgedCalibration } from '../distances/default-cut.ts';
import { type FaceBox, isSamePlace } from '../faces/face-box.ts';
import { lockMember } from '../members/member-store.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import {
  type Confirmation,
  type ConfirmedFace,
  insertConfirmedTemplate,
  listConfirmedTemplates,
  lockConfirmedFace,
} from '../templates/confirmed-store.ts';

/** Confirmed faces that are templates of one member under one pack. */
export const confirmedMax = 5;

/**
 * Makes a face that a member confirmed a further template of theirs; answers whether it did. The face must be sure, the selfies alone must already
 * find it, and nobody else may be near to it. So nobody can search for somebody else by confirming that person's face. It makes no template if
 * the consent was withdrawn meanwhile, or if the member has one of this photo already.
 */
export async function keepConfirmedFace(
  tx: Transaction<AiSchema>,
  confirmation: Confirmation & { readonly box: FaceBox },
  now: Date,
): Promise<boolean> {
  const { memberId, photoId, packId, consentEpoch } = confirmation;
  if (consentEpoch <= (await lockMember(tx, memberId))) return false;
  const kept = await listConfirmedTemplates(tx, { memberId, packId });
  if (kept.length >= confirmedMax || kept.some((template) => template.photoId === photoId)) return false;
  const face = await lockConfirmedFace(tx, confirmation);
  // By now the member may be found by another face than the one that they were shown.
  if (face === undefined || face.selfieDistance === null || !isSamePlace(face.box, confirmation.box)) return false;
  const claim = { faceId: face.faceId, memberId, distance: face.selfieDistance };
  const [claimed] = await listClaimedFaces(tx, [claim]);
  const calibration = (await listCalibrations(tx))(packId);
  if (claimed === undefined || !mayBeTemplate(face, claimed.galleryFaces, calibration)) return false;
  await insertConfirmedTemplate(tx, { ...confirmation, facecamId: newId(), faceId: face.faceId }, now);
  return true;
}

/** `galleryFaces`: that were searched beside it, each for each selfie. */
export function mayBeTemplate(
  face: Pick<ConfirmedFace, 'isSure' | 'selfieDistance' | 'selfieCount' | 'otherDistance'>,
  galleryFaces: number,
  calibration: JudgedCalibration,
): boolean {
  const { isSure, selfieDistance, selfieCount, otherDistance } = face;
  if (!isSure || selfieDistance === null) return false;
  if (otherDistance !== null && isWithinDefaultLevel(calibration, otherDistance)) return false;
  return isWithinDefaultCut(calibration, selfieDistance, galleryFaces * selfieCount);
}
