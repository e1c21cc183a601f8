import {
  PhotosReservedSchema,
  PhotosSoldSchema,
  ReservationEndedSchema,
} from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import type { Publication } from '@kilas/platform/events/events.ts';

/** The facts that this service tells others. */
export const publications: readonly Publication[] = [
  { event: PhotosReservedSchema, subscribers: ['photo'] },
  { event: ReservationEndedSchema, subscribers: ['photo'] },
  { event: PhotosSoldSchema, subscribers: ['photo', 'user'] },
];
