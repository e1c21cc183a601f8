import { createFileRoute, Link, Outlet } from '@tanstack/react-router';
import { Bell, Images, ScanFace, Search, ShoppingBag, ShoppingCart } from 'lucide-react';
import { useAccount } from '../api/use-session.ts';
import { useTexts } from '../i18n/messages.ts';
import { RoomFrame } from '../shell/room-frame.tsx';
import { CountDot, sayCount } from '../shell/tab-bar.tsx';
import { shellTexts } from '../shell/texts.ts';
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
    <RoomFrame
      pages={[
        { to: '/', label: texts.events, icon: Search, isExact: true },
        { to: '/find-me', label: texts.findMe, icon: ScanFace, isTabOnly: true },
        { to: '/photos', label: texts.myPhotos, icon: Images, count: counts.questions },
        { to: '/purchases', label: texts.purchases, icon: ShoppingBag },
      ]}
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
    >
      <Outlet />
    </RoomFrame>
  );
}

/** An icon's name with the number at its corner, as it stands there. */
function withCount(name: string, count: number): string {
  return count > 0 ? `${name}: ${sayCount(count)}` : name;
}
