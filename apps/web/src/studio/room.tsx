import { createFileRoute, Link, Outlet } from '@tanstack/react-router';
import { CalendarDays, LayoutDashboard, Upload, Wallet } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { RequireAccount } from '../shell/require-account.tsx';
import { TabBar } from '../shell/tab-bar.tsx';
import { shellTexts } from '../shell/texts.ts';
import { TopBar, topLinkClass } from '../shell/top-bar.tsx';

export const Route = createFileRoute('/studio')({ component: StudioRoom });

/** The room of those who sell photos. */
function StudioRoom() {
  const texts = useTexts(shellTexts);
  return (
    <div className="pb-16 md:pb-0">
      <TopBar
        links={
          <>
            <Link to="/studio" activeOptions={{ exact: true }} className={topLinkClass}>
              {texts.overview}
            </Link>
            <Link to="/studio/events" className={topLinkClass}>
              {texts.myEvents}
            </Link>
            <Link to="/studio/upload" className={topLinkClass}>
              {texts.upload}
            </Link>
            <Link to="/studio/earnings" className={topLinkClass}>
              {texts.earnings}
            </Link>
          </>
        }
      />
      <main id="content" tabIndex={-1} className="outline-none">
        <RequireAccount>
          <Outlet />
        </RequireAccount>
      </main>
      <TabBar
        tabs={[
          { to: '/studio', label: texts.overview, icon: LayoutDashboard, isExact: true },
          { to: '/studio/events', label: texts.myEvents, icon: CalendarDays },
          { to: '/studio/upload', label: texts.upload, icon: Upload },
          { to: '/studio/earnings', label: texts.earnings, icon: Wallet },
        ]}
      />
    </div>
  );
}
