import { Link } from '@tanstack/react-router';
import { Camera } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAccount } from '../api/use-session.ts';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { studioTexts } from './texts.ts';

/** Shows a page to creators, and tells members how to become one. */
export function RequireCreator({ children }: { children: ReactNode }) {
  const account = useAccount();
  const texts = useTexts(studioTexts);
  // Whoever was signed out while at work keeps the page.
  if (account === undefined || account.creator !== null) return children;
  return (
    <Empty
      icon={Camera}
      title={texts.notCreator}
      action={
        <Link to="/studio/join" className={buttonClass()}>
          {texts.join}
        </Link>
      }
    >
      {texts.notCreatorText}
    </Empty>
  );
}
