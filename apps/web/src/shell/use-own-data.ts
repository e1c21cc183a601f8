import { useEffect, useRef } from 'react';
import { queryClient } from '../api/query-client.ts';
import { useSession } from '../api/use-session.ts';

/** Shows nobody what was asked for somebody else: forgets all answers when another person is signed in, here or in another tab. */
export function useOwnData(): void {
  const session = useSession();
  /** Null is a visitor; undefined until it is known who came. */
  const askedFor = useRef<string | null>(undefined);
  useEffect(() => {
    if (session.status === 'unknown') return;
    // What was begun stays on the screen until it is known who goes on with it.
    if (session.status === 'signed-out' && session.hasEnded) return;
    const now = session.status === 'signed-in' ? session.account.accountId : null;
    if (askedFor.current !== undefined && askedFor.current !== now) void queryClient.resetQueries();
    askedFor.current = now;
  }, [session]);
}
