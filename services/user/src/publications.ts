import type { DescMessage } from '@bufbuild/protobuf';
import {
  ConsentWithdrawnSchema,
  CreatorJoinedSchema,
  CutOffFacesDueSchema,
} from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { Publication } from '@kilas/platform/events/events.ts';
import { journalName } from '@kilas/platform/journal/event-journal.ts';

/** The facts that this service tells others. */
export const publications: readonly Publication[] = [
  { event: ConsentWithdrawnSchema, subscribers: ['ai', 'photo', 'upload', journalName] },
  { event: CutOffFacesDueSchema, subscribers: ['ai'] },
  { event: CreatorJoinedSchema, subscribers: ['photo'] },
];

export function subscribersOf(event: DescMessage): readonly string[] {
  return publications.find((publication) => publication.event.typeName === event.typeName)?.subscribers ?? [];
}
