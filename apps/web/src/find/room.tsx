import { createFileRoute, Link, Outlet } from '@tanstack/react-router';
import { Bell, Images, ScanFace, Search, ShoppingBag, ShoppingCart } from 'lucide-react';
import { useAccount } from '../api/use-session.ts';
import { useTexts } from '../i18n/messages.ts';
import { CountDot, sayCount, TabBar } from '../shell/tab-bar.tsx';
import { shellTexts } from '../shell/texts.ts';
import { TopBar, topLinkClass } from '../shell/top-bar.tsx';
import { buttonClass } from '../ui/button.tsx';
import { useCounts } from './use-counts.ts';

export const Route = createFileRoute('/_find')({ component: FindRoom });

/** The room of those who look for their photos. */
function FindRoom() {
  const texts = useTexts(shellTexts);
  const account = useAccount();
  const counts = useCounts();
  const toolClass = 'relative flex size-11 items-center justify-center rounded-full hover:bg-sunken';
  return (
    <div className="pb-16 md:pb-0">
      <TopBar
        links={
          <>
            <Link to="/" activeOptions={{ exact: true }} className={topLinkClass}>
              {texts.events}
            </Link>
            <Link to="/photos" className={topLinkClass}>
              {texts.myPhotos}
            </Link>
            <Link to="/purchases" className={topLinkClass}>
              {texts.purchases}
            </Link>
          </>
        }
        tools={
          account === undefined ? (
            <Link to="/sign-in" className={buttonClass('quiet', 'small')}>
              {texts.signIn}
            </Link>
          ) : (
            <>
              <Link
                to="/notices"
                className={toolClass}
                aria-label={withCount(texts.notices, counts.unread)}
                title={texts.notices}
              >
                <span className="relative">
                  <Bell size={20} aria-hidden />
                  {counts.unread > 0 && <CountDot count={counts.unread} />}
                </span>
              </Link>
              <Link to="/cart" className={toolClass} aria-label={withCount(texts.cart, counts.cart)} title={texts.cart}>
                <span className="relative">
                  <ShoppingCart size={20} aria-hidden />
                  {counts.cart > 0 && <CountDot count={counts.cart} />}
                </span>
              </Link>
            </>
          )
        }
      />
      <main id="content" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      <TabBar
        tabs={[
          { to: '/', label: texts.events, icon: Search, isExact: true },
          { to: '/find-me', label: texts.findMe, icon: ScanFace },
          { to: '/photos', label: texts.myPhotos, icon: Images, count: counts.questions },
          { to: '/purchases', label: texts.purchases, icon: ShoppingBag },
        ]}
      />
    </div>
  );
}

/** An icon's name with the number at its corner, as it stands there. */
function withCount(name: string, count: number): string {
  return count > 0 ? `${name}: ${sayCount(count)}` : name;
}
