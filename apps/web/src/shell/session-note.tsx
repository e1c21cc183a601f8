import { Link, useLocation } from '@tanstack/react-router';
import { useSession } from '../api/use-session.ts';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { shellTexts } from './texts.ts';

/** The session ended while somebody was at work: says so, and leads back to the same page. */
export function SessionNote() {
  const session = useSession();
  const texts = useTexts(shellTexts);
  const { href, pathname } = useLocation();
  if (session.status !== 'signed-out' || !session.hasEnded || pathname === '/sign-in') return null;
  return (
    <div role="alert" className="flex flex-wrap items-center justify-center gap-3 bg-warn-soft px-4 py-2 text-warn">
      <p>{texts.sessionEnded}</p>
      <Link to="/sign-in" search={{ next: href }} className={buttonClass('secondary', 'small')}>
        {texts.signInAgain}
      </Link>
    </div>
  );
}
