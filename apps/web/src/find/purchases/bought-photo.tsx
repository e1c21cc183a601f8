import { Link } from '@tanstack/react-router';
import { ImageOff } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { DownloadPhoto } from '../downloads/download-photo.tsx';
import { photoTexts } from '../photo-texts.ts';
import type { Purchase } from './use-purchases.ts';

export function BoughtPhoto({ photo }: { photo: Purchase }) {
  const texts = useTexts(photoTexts);
  const { photoId, thumbnailUrl, creatorName } = photo;
  const title = photo.title === '' ? texts.photo : photo.title;
  return (
    <li>
      <Link
        to="/p/$photoId"
        params={{ photoId }}
        className="flex aspect-square items-center justify-center overflow-hidden rounded-md bg-sunken text-muted"
      >
        {thumbnailUrl === undefined ? (
          <ImageOff size={28} strokeWidth={1.25} aria-label={title} />
        ) : (
          <img src={thumbnailUrl} alt={title} loading="lazy" decoding="async" className="size-full object-cover" />
        )}
      </Link>
      <div className="flex items-start pt-1">
        <p className="min-w-0 flex-1 pt-2">
          <span className="block truncate">{title}</span>
          {creatorName !== undefined && (
            <span className="block truncate text-sm text-muted">{texts.by(creatorName)}</span>
          )}
        </p>
        <DownloadPhoto photoId={photoId} title={photo.title} />
      </div>
    </li>
  );
}
