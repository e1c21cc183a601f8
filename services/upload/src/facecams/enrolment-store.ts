import type { Db } from '@kilas/platform/db/database.ts';
import type { Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';

export async function insertEnrolment(
  tx: Transaction<UploadSchema>,
  enrolment: { facecamId: string; memberId: string; now: Date },
): Promise<void> {
  await tx
    .insertInto('facecam_enrolments')
    .values({ facecam_id: enrolment.facecamId, member_id: enrolment.memberId, enrolled_at: enrolment.now })
    .execute();
}

/** The times of a member's newest enrolments after `since`, newest first, no more than `limit`. */
export async function listEnrolmentsSince(
  db: Db<UploadSchema>,
  member: { memberId: string; since: Date; limit: number },
): Promise<Date[]> {
  const rows = await db
    .selectFrom('facecam_enrolments')
    .select('enrolled_at')
    .where('member_id', '=', member.memberId)
    .where('enrolled_at', '>', member.since)
    .orderBy('enrolled_at', 'desc')
    .limit(member.limit)
    .execute();
  return rows.map((row) => row.enrolled_at);
}

export async function deleteEnrolmentsBefore(db: Db<UploadSchema>, before: Date): Promise<void> {
  await db.deleteFrom('facecam_enrolments').where('enrolled_at', '<=', before).execute();
}
