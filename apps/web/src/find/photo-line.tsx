import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { photoTexts } from './photo-texts.ts';
import { Thumb } from './thumb.tsx';

interface Props {
  photoId: string;
  title: string;
  thumbnailUrl: string | null | undefined;
  share?: string | undefined;
  /** Below the title. */
  children?: ReactNode;
  /** At the end of the line. */
  end?: ReactNode;
  isFaded?: boolean;
}

/** One photo of a cart, an order or a list of purchases. */
export function PhotoLine({ photoId, title, thumbnailUrl, share, children, end, isFaded = false }: Props) {
  const texts = useTexts(photoTexts);
  return (
    <li className="flex items-center gap-4 py-3">
      <Link
        to="/p/$photoId"
        params={{ photoId }}
        search={share === undefined ? {} : { share }}
        className="flex min-w-0 flex-1 items-center gap-4"
      >
        <Thumb url={thumbnailUrl} isFaded={isFaded} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{title === '' ? texts.photo : title}</span>
          <span className="block text-sm text-muted">{children}</span>
        </span>
      </Link>
      {end}
    </li>
  );
}
