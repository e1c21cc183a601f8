import { timestampDate } from '@bufbuild/protobuf/wkt';
import { EventRetentionSetSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import type { AiSchema } from '../db/schema.ts';
import { upsertRetention } from './retention-store.ts';

/** Notes until when faces of an event are kept; photo's events of one event come in their order. */
export const onEventRetentionSet = subscribe<AiSchema, typeof EventRetentionSetSchema>(
  'photo',
  EventRetentionSetSchema,
  async (tx, { eventId, facesUntil }) => {
    if (facesUntil === undefined) throw new Error('an event does not say until when its faces are kept');
    await upsertRetention(tx, { eventId, facesUntil: timestampDate(facesUntil) });
    return {};
  },
);
