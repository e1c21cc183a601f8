import { createRootRoute, Outlet } from '@tanstack/react-router';
import { useTexts } from '../i18n/messages.ts';
import { Toasts } from '../ui/toasts.tsx';
import { useOnline } from '../ui/use-online.ts';
import { UploadsEverywhere } from '../uploads/uploads-everywhere.tsx';
import { SessionNote } from './session-note.tsx';
import { shellTexts } from './texts.ts';
import { useLiveNotices } from './use-live-notices.ts';
import { useOwnData } from './use-own-data.ts';

export const Route = createRootRoute({ component: Root });

function Root() {
  const texts = useTexts(shellTexts);
  const isOnline = useOnline();
  useOwnData();
  useLiveNotices();
  return (
    <>
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:bg-surface focus:p-4">
        {texts.skip}
      </a>
      {!isOnline && (
        <p role="status" className="bg-warn-soft px-4 py-2 text-center text-warn">
          {texts.offline}
        </p>
      )}
      <SessionNote />
      <Outlet />
      <UploadsEverywhere />
      <Toasts />
    </>
  );
}
