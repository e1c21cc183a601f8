import { useEffect } from 'react';
import { followStream } from '../api/event-stream.ts';
import { queryClient } from '../api/query-client.ts';
import { useAccount } from '../api/use-session.ts';
import { queriesOf } from './notice-queries.ts';

/** Keeps what is on the screen true while notices come: one stream a tab. Call it in the root alone. */
export function useLiveNotices(): void {
  const accountId = useAccount()?.accountId;
  useEffect(() => {
    if (accountId === undefined) return;
    const end = new AbortController();
    void followStream(
      '/v1/me/notifications/stream',
      ({ data }) => {
        for (const name of queriesOf(data)) void queryClient.invalidateQueries({ queryKey: [name] });
      },
      end.signal,
    );
    return () => end.abort();
  }, [accountId]);
}
