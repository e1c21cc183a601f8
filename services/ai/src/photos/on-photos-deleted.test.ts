import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { PhotosDeletedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AiSchema } from '../db/schema.ts';
import { reasonOf } from '../testing/reason-of.ts';
import { type AiSystem, startAi, type TestPhoto } from '../testing/start-ai.ts';

let ai: AiSystem;
let db: Kysely<AiSchema>;

beforeAll(async () => {
  ai = await startAi();
  db = openDatabase<AiSchema>({ url: ai.system.databaseUrls.ai, poolSizeMax: 2, onTrouble: () => {} });
});

afterAll(async () => {
  await db?.destroy();
  await ai?.system.close();
});

function tellDeleted(photoIds: string[], eventId = newId()) {
  const payload = toBinary(PhotosDeletedSchema, create(PhotosDeletedSchema, { photoIds }));
  const events = createClient(EventService, ai.system.peersAs('photo')('ai'));
  return events.deliver({ eventId, type: PhotosDeletedSchema.typeName, key: newId(), payload });
}

async function countRows(photoId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select ((select count(*) from faces where photo_id = ${photoId})
    + (select count(*) from photo_recognitions where photo_id = ${photoId}))::int as count`.execute(db);
  return rows[0]?.count ?? -1;
}

const processedOf = ({ processedKey }: TestPhoto) => ({ bucket: 'previews', key: processedKey }) as const;

test('a photo that is deleted while it is looked at leaves neither faces nor an image with boxes', async () => {
  const photo = await ai.addPhoto(await readSample(6));
  const processing = reasonOf(ai.faces.processPhoto(photo));
  const isAtWork = async () => {
    const { rows } = await sql`select from risky_work where thing = ${`photo/${photo.photoId}`}`.execute(db);
    return rows.length === 1;
  };
  await waitFor(isAtWork, { what: 'the engine to have the photo', timeoutMs: 20_000 });
  expect((await tellDeleted([photo.photoId])).effects).toEqual({ faces: 0 });
  expect(await processing).toBe('PHOTO_NOT_FOUND');
  expect(await countRows(photo.photoId)).toBe(0);
  expect(await ai.objects.exists(processedOf(photo))).toBe(false);
});

test('the event is acted on once, however often it comes, and a photo that comes again is refused', async () => {
  const photo = await ai.addPhoto(await readSample(6));
  await ai.faces.processPhoto(photo);
  const eventId = newId();
  expect((await tellDeleted([photo.photoId], eventId)).effects).toEqual({ faces: 4 });
  expect((await tellDeleted([photo.photoId], eventId)).effects).toEqual({ faces: 4 });
  expect(await countRows(photo.photoId)).toBe(0);
  await ai.objects.delete(processedOf(photo));
  expect(await reasonOf(ai.faces.processPhoto(photo))).toBe('PHOTO_NOT_FOUND');
  expect(await countRows(photo.photoId)).toBe(0);
  const noted = await db.selectFrom('erasures').select(['reason', 'face_count']).execute();
  expect(noted).toEqual([{ reason: 'deletion', face_count: 4 }]);
});

test('a face that a member confirmed ends as a template with its photo, and one of another photo stays', async () => {
  const member = await ai.newMember({ consent: true });
  await ai.faces.enrolFacecam(await ai.addFacecam(await takeSelfie('guest'), member.accountId));
  const [doomed, kept] = [await ai.addPhoto(await readSample(6)), await ai.addPhoto(await readSample(6))];
  for (const { photoId } of [doomed, kept]) {
    await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, source, photo_id, created_at)
      select ${newId()}, member_id, consent_epoch, pack_id, embedding, 'confirmed', ${photoId}, now() from templates
      where member_id = ${member.accountId} and source = 'selfie'`.execute(db);
  }
  await tellDeleted([doomed.photoId]);
  const confirmed = await db.selectFrom('templates').select('photo_id').where('source', '=', 'confirmed').execute();
  expect(confirmed).toEqual([{ photo_id: kept.photoId }]);
  expect(await db.selectFrom('untold_endings').selectAll().execute()).toEqual([]);
});
