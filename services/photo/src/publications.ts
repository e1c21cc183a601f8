import {
  EventCreatorChangedSchema,
  EventRetentionSetSchema,
  MatchAnsweredSchema,
  MatchesFoundSchema,
  PhotoFailedSchema,
  PhotosDeletedSchema,
  PhotosMovedSchema,
} from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Publication } from '@kilas/platform/events/events.ts';

/** The facts that this service tells others. */
export const publications: readonly Publication[] = [
  { event: MatchesFoundSchema, subscribers: ['user'] },
  { event: MatchAnsweredSchema, subscribers: ['ai'] },
  { event: EventRetentionSetSchema, subscribers: ['ai'] },
  { event: EventCreatorChangedSchema, subscribers: ['user'] },
  { event: PhotoFailedSchema, subscribers: ['user'] },
  { event: PhotosMovedSchema, subscribers: ['ai', 'upload'] },
  { event: PhotosDeletedSchema, subscribers: ['ai', 'upload'] },
];
