import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useAccount } from '../../api/use-session.ts';
import { safeNext } from './safe-next.ts';

/** Goes on to `next` as soon as somebody is signed in, here or in another tab, and the page `isReady` to be left. */
export function useWayOn(next: string | undefined, isReady = true): void {
  const isMember = useAccount() !== undefined;
  const { history } = useRouter();
  useEffect(() => {
    if (isMember && isReady) history.replace(safeNext(next));
  }, [isMember, isReady, next, history]);
}
