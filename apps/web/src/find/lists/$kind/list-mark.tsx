import { X } from 'lucide-react';
import { useTexts } from '../../../i18n/messages.ts';
import { dropPhoto } from '../../keep-photo.ts';
import type { ListKind, Photo } from '../../photo.ts';
import { PhotoMark } from '../../photo-mark.tsx';
import { photoTexts } from '../../photo-texts.ts';

/** Over a photo of a list: what stands over it anywhere, and the way out of the list. */
export function ListMark({ kind, photo }: { kind: ListKind; photo: Photo }) {
  const label = useTexts(photoTexts).remove[kind];
  return (
    <>
      <PhotoMark photo={photo} />
      <button
        type="button"
        tabIndex={-1}
        aria-label={label}
        title={label}
        onClick={() => void dropPhoto(kind, photo)}
        className="absolute top-0 right-0 flex size-11 items-center justify-center opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100"
      >
        <span className="flex size-8 items-center justify-center rounded-full bg-black/65 text-white">
          <X size={16} aria-hidden />
        </span>
      </button>
    </>
  );
}
