import { Link, type LinkProps } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { shellTexts } from './texts.ts';

/** A page of a room to which its bars lead. */
export interface RoomPage {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly icon: LucideIcon;
  /** How many wait there; 0 shows nothing. */
  readonly count?: number;
  /** Whether only this very page counts as being there. */
  readonly isExact?: boolean;
  /** Whether only the bar of phones leads there. */
  readonly isTabOnly?: boolean;
}

/** The pages of a room on a phone, under the thumb. */
export function TabBar({ pages }: { pages: readonly RoomPage[] }) {
  const texts = useTexts(shellTexts);
  return (
    <nav
      aria-label={texts.main}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-ground/95 pb-[env(safe-area-inset-bottom)] backdrop-blur md:hidden"
    >
      {pages.map(({ to, label, icon: Icon, count = 0, isExact = false }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: isExact }}
          className="flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 px-1 text-muted aria-[current=page]:text-accent"
        >
          <span className="relative">
            <Icon size={22} aria-hidden />
            {count > 0 && <CountDot count={count} />}
          </span>
          <span className="max-w-full truncate text-xs">{label}</span>
        </Link>
      ))}
    </nav>
  );
}

/** A number at the corner of an icon. */
export function CountDot({ count }: { count: number }) {
  return (
    <span className="absolute -top-1.5 -right-2.5 min-w-4.5 rounded-full bg-accent px-1 text-center text-xs leading-4.5 font-semibold text-on-accent">
      {sayCount(count)}
    </span>
  );
}

export function sayCount(count: number): string {
  return count > 99 ? '99+' : String(count);
}
