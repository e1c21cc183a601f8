import { newId } from '@kilas/platform/process/ids.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { storeTemplates } from '../facecams/store-templates.ts';
import type { Face } from '../faces/face.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { listMatchesByMember } from '../matching/match-store.ts';
import { faceWith } from './synthetic-faces.ts';

export const packId = 'test-pack';

interface Taken {
  readonly creatorId?: string;
  readonly packId?: string;
  readonly eventId?: string;
  readonly at?: Date;
}

interface Enrolled {
  readonly memberId?: string;
  readonly consentEpoch?: number;
  readonly packId?: string;
  /** True unless it is said otherwise. */
  readonly provenLive?: boolean;
}

/** Stores a photo with these faces (embeddings: sure ones), without searching yet. */
export async function takePhoto(
  db: Kysely<AiSchema>,
  embeddings: readonly (Float32Array | Face)[],
  taken: Taken = {},
): Promise<string> {
  const photoId = newId();
  const recognition = {
    photoId,
    creatorId: taken.creatorId ?? newId(),
    eventId: taken.eventId ?? null,
    packId: taken.packId ?? packId,
    processedKey: `00/${'0'.repeat(40)}`,
    uploadedAt: taken.at ?? null,
  };
  const faces = embeddings.map((face) => (face instanceof Float32Array ? faceWith(face) : face));
  await storeFaces(db, recognition, faces, taken.at ?? new Date());
  return photoId;
}

/** Stores the template of a selfie that was proven live, without searching yet. */
export async function storeFacecam(db: Kysely<AiSchema>, embedding: Float32Array, enrolled: Enrolled = {}) {
  const facecam = {
    memberId: enrolled.memberId ?? newId(),
    facecamId: newId(),
    consentEpoch: enrolled.consentEpoch ?? 1,
    packId: enrolled.packId ?? packId,
  };
  await storeTemplates(db, [{ ...facecam, embedding, provenLive: enrolled.provenLive ?? true }], new Date());
  return facecam;
}

/** As ProcessPhoto does once the image is analysed. */
export async function addPhoto(db: Kysely<AiSchema>, embeddings: readonly (Float32Array | Face)[], taken: Taken = {}) {
  const photoId = await takePhoto(db, embeddings, taken);
  await matchPhoto(db, photoId, new Date());
  return photoId;
}

/** As EnrolFacecam does once the selfie is analysed. */
export async function addFacecam(db: Kysely<AiSchema>, embedding: Float32Array, enrolled: Enrolled = {}) {
  const facecam = await storeFacecam(db, embedding, enrolled);
  await matchFacecam(db, facecam);
  return facecam;
}

export async function photosOf(db: Kysely<AiSchema>, memberId: string): Promise<string[]> {
  return (await listMatchesByMember(db, memberId, { after: undefined, limit: 1000 })).map(({ photoId }) => photoId);
}
