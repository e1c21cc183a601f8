import { CreatorJoinedSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { upsertCreator } from './creator-store.ts';

/** Keeps the public name of a creator. */
export const onCreatorJoined = subscribe<PhotoSchema, typeof CreatorJoinedSchema>(
  'user',
  CreatorJoinedSchema,
  async (tx, { creatorId, displayName }, { occurredAt }) => {
    await upsertCreator(tx, { creatorId, displayName, toldAt: occurredAt });
    return {};
  },
);
