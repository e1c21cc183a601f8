import { useLocation, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useSession } from '../api/use-session.ts';
import { Spinner } from '../ui/spinner.tsx';

/** Shows a page to who is signed in, and leads anybody else to sign in and back. */
export function RequireAccount({ children }: { children: ReactNode }) {
  const session = useSession();
  const navigate = useNavigate();
  const { href } = useLocation();
  // What was begun on the page stays in place until the person decides to sign in.
  const isVisitor = session.status === 'signed-out' && !session.hasEnded;
  // Once: `Navigate` of the router goes again at every render until the other page is there, which it keeps from coming.
  useEffect(() => {
    if (isVisitor) void navigate({ to: '/sign-in', search: { next: href }, replace: true });
    // Not for the address of the page that it leads to.
  }, [isVisitor]);
  if (!isVisitor && session.status !== 'unknown') return children;
  return (
    <div className="flex justify-center py-24 text-muted">
      <Spinner className="size-6" />
    </div>
  );
}
