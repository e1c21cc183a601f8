import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { uiTexts } from '../ui/texts.ts';
import { galleryTexts } from './texts.ts';

export interface ViewerPhoto {
  readonly photoId: string;
  /** Width by height. */
  readonly ratio: number;
  readonly thumbhash: string | null;
  /** At most 1,280 pixels; null while it is not known. */
  readonly previewUrl: string | null;
  /** At most 800 pixels. */
  readonly previewSmallUrl: string | null;
  readonly alt: string;
}

/** In parts of the photo's width and height. */
export interface PhotoBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Props {
  photo: ViewerPhoto;
  /** The photos beside it, which are loaded in advance; undefined at the ends. */
  previous?: ViewerPhoto | undefined;
  next?: ViewerPhoto | undefined;
  onMove: (photoId: string) => void;
  onClose: () => void;
  /** Where a face is. */
  box?: PhotoBox | undefined;
  /** Buttons beside the close button. */
  tools?: ReactNode;
  /** What is to say and to do about the photo: beside it on a desktop, below it on a phone. */
  children?: ReactNode;
}

/** One photo over the whole screen, with the way to the next. */
export function PhotoViewer({ photo, previous, next, onMove, onClose, tools, children }: Props) {
  const texts = useTexts(galleryTexts);
  const common = useTexts(uiTexts);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  function press(event: KeyboardEvent) {
    const beside = { ArrowLeft: previous, ArrowRight: next }[event.key];
    if (beside !== undefined) onMove(beside.photoId);
  }
  return (
    <dialog
      ref={dialog}
      aria-label={photo.alt}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={press}
      className="m-0 size-full max-h-none max-w-none bg-black text-white"
    >
      <img src={photo.previewUrl ?? undefined} alt={photo.alt} className="size-full object-contain" />
      <div className="absolute top-2 right-2">
        {tools}
        <IconButton icon={X} label={common.close} onClick={onClose} />
      </div>
      {previous !== undefined && (
        <IconButton
          icon={ChevronLeft}
          label={texts.previous}
          className="absolute top-1/2 left-2"
          onClick={() => onMove(previous.photoId)}
        />
      )}
      {next !== undefined && (
        <IconButton
          icon={ChevronRight}
          label={texts.next}
          className="absolute top-1/2 right-2"
          onClick={() => onMove(next.photoId)}
        />
      )}
      {children}
    </dialog>
  );
}
