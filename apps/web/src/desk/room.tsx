import { createFileRoute, Link, Outlet } from '@tanstack/react-router';
import { useTexts } from '../i18n/messages.ts';
import { RequireAccount } from '../shell/require-account.tsx';
import { shellTexts } from '../shell/texts.ts';
import { TopBar, topLinkClass } from '../shell/top-bar.tsx';

export const Route = createFileRoute('/desk')({ component: DeskRoom });

/** The room of those who run the installation. */
function DeskRoom() {
  const texts = useTexts(shellTexts);
  return (
    <>
      <TopBar
        links={
          <Link to="/desk" activeOptions={{ exact: true }} className={topLinkClass}>
            {texts.overview}
          </Link>
        }
      />
      <main id="content" tabIndex={-1} className="outline-none">
        <RequireAccount>
          <Outlet />
        </RequireAccount>
      </main>
    </>
  );
}
