import type { UserContext } from '../context.ts';

/** Messages are ids of accounts, separated by commas. */
const topic = 'notifications.added';

/** After the commit: makes all replicas that hold streams of these accounts look. */
export async function tellNotified(ctx: Pick<UserContext, 'shared'>, accountIds: Iterable<string>): Promise<void> {
  await ctx.shared.publish(topic, [...new Set(accountIds)].join(','));
}

/** The function returned ends it. */
export function onNotified(
  ctx: Pick<UserContext, 'shared'>,
  listener: (accountIds: readonly string[]) => void,
): () => void {
  return ctx.shared.subscribe(topic, (message) => listener(message.split(',')));
}
