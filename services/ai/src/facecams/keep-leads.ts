import { transact } from '@kilas/platform/db/transact.ts';
import type { AiContext } from '../context.ts';
import { keepRepeating } from '../keep-repeating.ts';
import { matchMember } from '../matching/match-facecam.ts';
import { tellMatches } from '../matching/tell-photo.ts';
import { lockMember } from '../members/member-store.ts';
import { listMembersWithoutLead, updateLikenesses } from '../templates/likeness-store.ts';

const checkEveryMs = 5 * 60_000;
const membersPerRound = 100;

interface LeadContext {
  readonly db: AiContext['db'];
  /** Tells photo what the member is found in. */
  tell(memberId: string): Promise<unknown>;
}

/**
 * Gives a lead to members who have selfies and none. A replica of the version before, which knows of no leads, may have removed the facecam that
 * led. Without a lead they would be found in no new photo. Any number of replicas may do it at once, and again after any step.
 */
export async function giveLeads({ db, tell }: LeadContext): Promise<void> {
  for (const memberId of await listMembersWithoutLead(db, membersPerRound)) {
    await transact(db, async (tx) => {
      await lockMember(tx, memberId);
      await updateLikenesses(tx, memberId);
    });
    await matchMember(db, memberId);
    await tell(memberId);
  }
}

/** Looks now and every few minutes. */
export function keepLeads(ctx: AiContext): { stop(): Promise<void> } {
  const tell = (memberId: string) => tellMatches(ctx, memberId);
  return keepRepeating(() => giveLeads({ db: ctx.db, tell }), {
    everyMs: checkEveryMs,
    onError: (error) => ctx.log.error({ err: error }, 'members without a facecam that leads could not be given one'),
  });
}
