import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type RoomPage, TabBar } from './tab-bar.tsx';
import { TopBar, topLinkClass } from './top-bar.tsx';

interface Props {
  /** Those to which the bars lead. */
  pages: readonly RoomPage[];
  /** What stands beside the account. */
  tools?: ReactNode;
  children: ReactNode;
}

/** What stands around every page of a room: the bar above, and on a phone the one under the thumb where there is more than one page. */
export function RoomFrame({ pages, tools, children }: Props) {
  const hasTabs = pages.length > 1;
  return (
    <div className={hasTabs ? 'pb-16 md:pb-0' : undefined}>
      <TopBar
        links={pages
          .filter(({ isTabOnly }) => isTabOnly !== true)
          .map(({ to, label, isExact = false }) => (
            <Link key={to} to={to} activeOptions={{ exact: isExact }} className={topLinkClass}>
              {label}
            </Link>
          ))}
        tools={tools}
      />
      <main id="content" tabIndex={-1} className="outline-none">
        {children}
      </main>
      {hasTabs && <TabBar pages={pages} />}
    </div>
  );
}
