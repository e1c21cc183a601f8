import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useAccount } from '../../api/use-session.ts';
import { safeNext } from './safe-next.ts';

/** Goes on to `next` as soon as somebody is signed in, here or in another tab. */
export function useWayOn(next: string | undefined): void {
  const isMember = useAccount() !== undefined;
  const { history } = useRouter();
  useEffect(() => {
    if (isMember) history.replace(safeNext(next));
  }, [isMember, next, history]);
}
