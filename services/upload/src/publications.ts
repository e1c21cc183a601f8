import {
  FacecamFailedSchema,
  FacecamsOutdatedSchema,
  FaceEnrolledTwiceSchema,
} from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import type { Publication } from '@kilas/platform/events/events.ts';

/** The facts that this service tells others. */
export const publications: readonly Publication[] = [
  { event: FacecamsOutdatedSchema, subscribers: ['user'] },
  { event: FaceEnrolledTwiceSchema, subscribers: ['user'] },
  { event: FacecamFailedSchema, subscribers: ['user'] },
];
