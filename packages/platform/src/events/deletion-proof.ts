import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type {
  DeletionProof as DeletionProofMessage,
  DeletionProofSchema,
} from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';

/** What a subscriber found when it looked, after the commit, for what it had deleted. */
export interface DeletionProof {
  /** When nothing was found any more. */
  readonly unsearchableAt: Date;
  /** When no dead row of it was left in a table or an index; undefined while something, as a backup's snapshot, holds them. */
  readonly goneAt: Date | undefined;
  /** Deleted vectors that were looked for; 0 when they were no longer known and rows were counted instead. */
  readonly vectorsProbed: number;
  /** Vectors at distance 0 to one of them, or rows, that are still there: 0, or the deletion failed in part. */
  readonly survivors: number;
  /** Until when waits what was cut off and is not deleted yet; undefined without any. */
  readonly cutOffUntil?: Date;
}

export function proofToMessage(proof: DeletionProof): MessageInitShape<typeof DeletionProofSchema> {
  const { unsearchableAt, goneAt, cutOffUntil, ...counts } = proof;
  return {
    ...counts,
    unsearchableAt: timestampFromDate(unsearchableAt),
    ...(goneAt === undefined ? {} : { goneAt: timestampFromDate(goneAt) }),
    ...(cutOffUntil === undefined ? {} : { cutOffUntil: timestampFromDate(cutOffUntil) }),
  };
}

export function proofFromMessage({
  unsearchableAt,
  goneAt,
  cutOffUntil,
  ...counts
}: DeletionProofMessage): DeletionProof {
  if (unsearchableAt === undefined) throw new Error('a proof of deletion does not say when');
  return {
    unsearchableAt: timestampDate(unsearchableAt),
    goneAt: goneAt === undefined ? undefined : timestampDate(goneAt),
    vectorsProbed: counts.vectorsProbed,
    survivors: counts.survivors,
    ...(cutOffUntil === undefined ? {} : { cutOffUntil: timestampDate(cutOffUntil) }),
  };
}
