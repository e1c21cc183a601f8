import { sessionsEndedTopic } from '@kilas/identity/auth.ts';
import type { UserContext } from '../context.ts';

/**
 * After the commit: makes every service ask again about these sessions and accounts, at once where the message arrives and
 * within five seconds where it does not.
 */
export async function tellChanged(ctx: UserContext, ...sessionOrAccountIds: readonly string[]): Promise<void> {
  for (const id of sessionOrAccountIds) await ctx.shared.publish(sessionsEndedTopic, id);
}
