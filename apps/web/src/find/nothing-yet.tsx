import { Link } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { buyingTexts } from './buying/texts.ts';

/** A list of photos, or of what was bought, in which nothing is yet: leads to the photos that could be in it. */
export function NothingYet({ icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <Empty
      icon={icon}
      title={title}
      action={
        <Link to="/photos" className={buttonClass()}>
          {useTexts(buyingTexts).toMyPhotos}
        </Link>
      }
    >
      {children}
    </Empty>
  );
}
