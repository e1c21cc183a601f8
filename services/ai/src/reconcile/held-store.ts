import { quarantined } from '@kilas/platform/risky-work/risky-work-store.ts';
import { holderOn } from '@kilas/platform/service/holdings.ts';
import { type Kysely, sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/** A facecam has a template, and a photo a recognition, under each pack: they are one here. */
export function holdingsIn(db: Kysely<AiSchema>, before: Date) {
  const hold = holderOn(db, before);
  const templates = db
    .selectFrom('templates')
    .distinctOn('facecam_id')
    .select(['facecam_id as id', 'member_id as memberId', 'consent_epoch as epoch', 'photo_id as photoId'])
    .select('created_at as createdAt')
    .orderBy('facecam_id')
    .orderBy('created_at');
  return {
    recognitions: hold(
      db
        .selectFrom('photo_recognitions')
        .select(['photo_id as id', sql<string | null>`(array_agg(event_id order by pack_id))[1]`.as('eventId')])
        .select((eb) => eb.fn.min('recognised_at').as('recognisedAt'))
        .groupBy('photo_id'),
      { since: 'recognisedAt' },
    ),
    /** Photos that their creator deleted. */
    deleted: hold(db.selectFrom('photo_events').select('photo_id as id').where('is_deleted', '=', true)),
    retentions: hold(db.selectFrom('event_retentions').select(['event_id as id', 'faces_until as facesUntil'])),
    templates: hold(templates, { since: 'createdAt' }),
    selfieTemplates: hold(templates.where('source', '=', 'selfie'), { since: 'createdAt' }),
    confirmedTemplates: hold(templates.where('source', '=', 'confirmed'), { since: 'createdAt' }),
    /** Facecams that are enrolled, or were until their pack went. */
    enrolled: hold(
      db
        .selectFrom('templates')
        .select('facecam_id as id')
        .union(db.selectFrom('outdated_facecams').select('facecam_id as id')),
    ),
    forgotten: hold(db.selectFrom('forgotten_facecams').select('facecam_id as id')),
    matches: hold(db.selectFrom('face_matches').distinct().select(['photo_id as photoId', 'member_id as memberId']), {
      key: ['photoId', 'memberId'],
    }),
    /** By member, the epoch up to which they are erased. */
    erasures: hold(db.selectFrom('erased_members').select(['member_id as id', 'erased_epoch as epoch'])),
    quarantined: hold(quarantined, { keyType: 'text' }),
  };
}
