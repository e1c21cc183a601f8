import type { Db } from '@kilas/platform/db/database.ts';
import type { Selectable, Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';

export type Challenge = Selectable<UploadSchema['capture_challenges']>;

/** In place of the member's one before, which is worth nothing from then on. */
export async function putChallenge(tx: Transaction<UploadSchema>, challenge: Challenge): Promise<void> {
  const { member_id: _, ...asked } = challenge;
  await tx
    .insertInto('capture_challenges')
    .values(challenge)
    .onConflict((conflict) => conflict.column('member_id').doUpdateSet(asked))
    .execute();
}

/** Deletes it: of two who take one challenge, one gets it. */
export async function takeChallenge(
  db: Db<UploadSchema>,
  challenge: { challengeId: string; memberId: string; consentEpoch: number },
): Promise<Challenge | undefined> {
  return db
    .deleteFrom('capture_challenges')
    .where('member_id', '=', challenge.memberId)
    .where('challenge_id', '=', challenge.challengeId)
    .where('consent_epoch', '=', challenge.consentEpoch)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteChallengesOfEpoch(
  tx: Transaction<UploadSchema>,
  member: { memberId: string; epoch: number },
): Promise<void> {
  await tx
    .deleteFrom('capture_challenges')
    .where('member_id', '=', member.memberId)
    .where('consent_epoch', '<=', member.epoch)
    .execute();
}

export async function deleteChallengesBefore(db: Db<UploadSchema>, before: Date): Promise<void> {
  await db.deleteFrom('capture_challenges').where('expires_at', '<=', before).execute();
}
