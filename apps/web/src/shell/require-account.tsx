import { Navigate, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../api/use-session.ts';
import { Spinner } from '../ui/spinner.tsx';

/** Shows a page to who is signed in, and leads anybody else to sign in and back. */
export function RequireAccount({ children }: { children: ReactNode }) {
  const session = useSession();
  const { href } = useLocation();
  if (session.status === 'signed-in') return children;
  if (session.status === 'unknown') {
    return (
      <div className="flex justify-center py-24 text-muted">
        <Spinner className="size-6" />
      </div>
    );
  }
  // What was begun on the page stays in place until the person decides to sign in.
  if (session.hasEnded) return children;
  return <Navigate to="/sign-in" search={{ next: href }} replace />;
}
