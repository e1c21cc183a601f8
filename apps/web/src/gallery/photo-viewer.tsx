import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { uiTexts } from '../ui/texts.ts';
import { type Gestured, Gestures } from './gestures.ts';
import { Slide } from './slide.tsx';
import { galleryTexts } from './texts.ts';
import type { PhotoBox, ViewerPhoto } from './viewer-photo.ts';

interface Props {
  photo: ViewerPhoto;
  /** The photos beside it, which are loaded in advance; undefined at the ends. */
  previous?: ViewerPhoto | undefined;
  next?: ViewerPhoto | undefined;
  onMove: (photoId: string) => void;
  onClose: () => void;
  /** Where a face is. */
  box?: PhotoBox | undefined;
  /** Buttons beside the close button: `viewerButtonClass` fits them to the black. */
  tools?: ReactNode;
  /** What is to say and to do about the photo: beside it on a desktop, below it on a phone. */
  children?: ReactNode;
  /** The image could not be loaded; its link may have run out. New links in `photo` are tried at once. */
  onFailed?: ((photoId: string) => void) | undefined;
  onKeys?: (() => void) | undefined;
}

export const viewerButtonClass = 'bg-black/40 text-white hover:bg-white/20! focus-visible:outline-white';

/** One photo over the whole screen, with the way to those beside it. */
export function PhotoViewer(props: Props) {
  const { photo, previous, next, onMove, onClose, box, tools, children, onFailed, onKeys } = props;
  const texts = useTexts(galleryTexts);
  const common = useTexts(uiTexts);
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const gestures = useRef<Gestures>(undefined);
  const [isZoomed, setIsZoomed] = useState(false);
  const latest = useRef<() => Gestured | undefined>(() => undefined);
  latest.current = () => {
    if (strip.current === null || frame.current === null) return undefined;
    return {
      ratio: photo.ratio,
      strip: strip.current,
      photo: frame.current,
      hasPrevious: previous !== undefined,
      hasNext: next !== undefined,
      move,
      close: onClose,
      zoomed: setIsZoomed,
    };
  };

  function move(step: -1 | 1) {
    const beside = step < 0 ? previous : next;
    if (beside !== undefined) onMove(beside.photoId);
  }

  useLayoutEffect(() => {
    const shown = dialog.current;
    const page = document.documentElement;
    shown?.showModal();
    page.style.overflow = 'hidden';
    if (stage.current === null) return undefined;
    stage.current.focus();
    const made = new Gestures(stage.current, () => latest.current());
    gestures.current = made;
    return () => {
      made.close();
      page.style.overflow = '';
      shown?.close();
    };
  }, []);

  // Each photo is shown whole at first.
  useLayoutEffect(() => gestures.current?.reset(), [photo.photoId]);

  function press(event: KeyboardEvent) {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
    if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowLeft') move(-1);
    else if (event.key === 'ArrowRight') move(1);
    else if (event.key === '+' || event.key === '=') gestures.current?.scaleBy(1.5);
    else if (event.key === '-') gestures.current?.scaleBy(1 / 1.5);
    else if (event.key === '0') gestures.current?.scaleBy(0.01);
    else if (event.key === '?' && onKeys !== undefined) onKeys();
    else return;
    event.preventDefault();
  }

  const slides = [
    { photo: previous, place: -1 },
    { photo, place: 0 },
    { photo: next, place: 1 },
  ] as const;
  return (
    <dialog
      ref={dialog}
      aria-label={photo.alt}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={press}
      className="m-0 size-full max-h-none max-w-none flex-col overflow-hidden bg-black text-white open:flex md:flex-row"
    >
      <div className="relative min-h-0 min-w-0 flex-1">
        <div ref={stage} tabIndex={-1} className="absolute inset-0 touch-none overflow-hidden outline-none select-none">
          <div ref={strip} className="absolute inset-0">
            {slides.map(
              ({ photo: shown, place }) =>
                shown !== undefined && (
                  <Slide
                    key={shown.photoId}
                    photo={shown}
                    place={place}
                    isZoomed={place === 0 && isZoomed}
                    box={place === 0 ? box : undefined}
                    frame={place === 0 ? frame : undefined}
                    onFailed={place === 0 ? onFailed : undefined}
                  />
                ),
            )}
          </div>
        </div>
        <div className="absolute inset-x-2 top-2 flex items-center justify-between">
          <IconButton icon={X} label={common.close} className={viewerButtonClass} onClick={onClose} />
          <div className="flex gap-2">{tools}</div>
        </div>
        {(previous !== undefined || next !== undefined) && (
          <>
            <IconButton
              icon={ChevronLeft}
              label={texts.previous}
              aria-disabled={previous === undefined}
              className={`${viewerButtonClass} absolute bottom-2 left-2 aria-disabled:opacity-30 md:top-1/2 md:-mt-5.5`}
              onClick={() => move(-1)}
            />
            <IconButton
              icon={ChevronRight}
              label={texts.next}
              aria-disabled={next === undefined}
              className={`${viewerButtonClass} absolute bottom-2 right-2 aria-disabled:opacity-30 md:top-1/2 md:-mt-5.5`}
              onClick={() => move(1)}
            />
          </>
        )}
        <p role="status" className="sr-only">
          {photo.alt}
        </p>
      </div>
      {children !== undefined && (
        <aside className="max-h-[50dvh] shrink-0 overflow-auto overscroll-contain rounded-t-lg bg-surface pb-[env(safe-area-inset-bottom)] text-ink md:max-h-none md:w-96 md:rounded-none">
          {children}
        </aside>
      )}
    </dialog>
  );
}
