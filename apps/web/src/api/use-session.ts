import { useSyncExternalStore } from 'react';
import { type Account, readSession, type SessionState, watchSession } from './session.ts';

export function useSession(): SessionState {
  return useSyncExternalStore(watchSession, readSession);
}

/** Undefined for visitors. */
export function useAccount(): Account | undefined {
  const session = useSession();
  return session.status === 'signed-in' ? session.account : undefined;
}
