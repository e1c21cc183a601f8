import type { ReactNode } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { AccountMenu } from './account-menu.tsx';
import { Logo } from './logo.tsx';
import { shellTexts } from './texts.ts';

interface Props {
  /** The pages of the room, as links. */
  links: ReactNode;
  /** What stands beside the account. */
  tools?: ReactNode;
}

export const topLinkClass =
  'flex min-h-11 items-center rounded-md px-3 text-muted hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink';

/** The bar above every page. */
export function TopBar({ links, tools }: Props) {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-ground/95 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-[100rem] items-center gap-2 px-4 md:h-16 md:px-8">
        <Logo />
        <nav aria-label={useTexts(shellTexts).main} className="ml-4 hidden gap-1 md:flex">
          {links}
        </nav>
        <div className="ml-auto flex items-center">
          {tools}
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}
