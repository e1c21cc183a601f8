import { holderOn, mapHeld } from '@kilas/platform/service/holdings.ts';
import { type Kysely, sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { facesUntilOf } from '../events/retention.ts';

export function holdingsIn(db: Kysely<PhotoSchema>, before: Date) {
  const hold = holderOn(db, before);
  const events = hold(
    db.selectFrom('events').select(['event_id as id', 'ends_at', 'retention_days', 'created_at as createdAt']),
    { since: 'createdAt' },
  );
  return {
    creators: hold(db.selectFrom('creators').select('creator_id as id')),
    /** Until when faces of them are kept. */
    events: mapHeld(events, (event) => ({ id: event.id, facesUntil: facesUntilOf(event) })),
    photos: hold(
      db
        .selectFrom('photos')
        .select(['photo_id as id', 'creator_id as creatorId', 'event_id as eventId', 'title', 'description'])
        .select([
          'price_idr as priceIdr',
          'sale',
          'latitude',
          'longitude',
          'sha256',
          'size_bytes as sizeBytes',
          'format',
        ])
        .select(['original_key as originalKey', 'preview_key as previewKey', 'thumbnail_key as thumbnailKey'])
        .select(['preview_small_key as previewSmallKey', 'thumbnail_small_key as thumbnailSmallKey'])
        .select(['processed_key as processedKey', 'status', 'recognition', 'is_sold_out as isSoldOut'])
        .select(['creator_time_zone as timeZone', 'uploaded_at as uploadedAt']),
      { since: 'uploadedAt' },
    ),
    deleted: hold(db.selectFrom('deleted_photos').select(['photo_id as id', 'deleted_at as deletedAt']), {
      since: 'deletedAt',
    }),
    /** The keys of objects that photos name. */
    objectKeys: hold(
      sql<{ id: string }>`(select key as id
        from photos, unnest(array[
          original_key, preview_key, preview_small_key, thumbnail_key, thumbnail_small_key, processed_key
        ]) as key)`,
      { keyType: 'text' },
    ),
    matches: hold(
      db
        .selectFrom('matches')
        .select(['photo_id as photoId', 'member_id as memberId', 'facecam_id as facecamId'])
        .select(['consent_epoch as epoch', 'answer', 'found_at as foundAt']),
      { key: ['photoId', 'memberId'], since: 'foundAt' },
    ),
    /** By member, the epoch up to which they are erased. */
    erasures: hold(db.selectFrom('erased_members').select(['member_id as id', 'erased_epoch as epoch'])),
    bought: hold(db.selectFrom('bought_photos').select(['buyer_id as buyerId', 'photo_id as photoId']), {
      key: ['buyerId', 'photoId'],
    }),
    photographers: hold(db.selectFrom('photos').select('creator_id as id').groupBy('creator_id')),
    eventOwners: hold(db.selectFrom('events').select('owner_id as id').groupBy('owner_id')),
    collectors: hold(db.selectFrom('collections').select('member_id as id').groupBy('member_id')),
  };
}
