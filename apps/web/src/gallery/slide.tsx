import { RotateCw } from 'lucide-react';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { classNames } from '../ui/class-names.ts';
import { uiTexts } from '../ui/texts.ts';
import { paint } from './placeholder.ts';
import { galleryTexts } from './texts.ts';
import type { PhotoBox, ViewerPhoto } from './viewer-photo.ts';

interface Props {
  photo: ViewerPhoto;
  /** -1 before what is seen, 1 after it. */
  place: -1 | 0 | 1;
  isZoomed: boolean;
  box: PhotoBox | undefined;
  /** Of what is enlarged. */
  frame: RefObject<HTMLDivElement | null> | undefined;
  onFailed: ((photoId: string) => void) | undefined;
}

/** A photo that fits the screen: its blurred picture first, then itself. */
export function Slide({ photo, place, isZoomed, box, frame, onFailed }: Props) {
  const texts = useTexts(galleryTexts);
  const common = useTexts(uiTexts);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const { ratio, thumbhash, previewUrl, previewSmallUrl } = photo;
  useLayoutEffect(() => {
    if (canvas.current !== null && thumbhash !== null) paint(canvas.current, thumbhash);
  }, [thumbhash]);
  // New links are a new attempt.
  useLayoutEffect(() => setState('loading'), [previewUrl]);
  const width = (longest: number) => Math.round(ratio >= 1 ? longest : longest * ratio);
  const isCurrent = place === 0;
  return (
    <div
      aria-hidden={!isCurrent}
      className="absolute inset-0 flex items-center justify-center [container-type:size]"
      style={{ left: `${place * 100}%`, right: `${-place * 100}%` }}
    >
      <div
        ref={frame}
        className="relative shrink-0"
        style={{ aspectRatio: ratio, width: `min(100cqw, ${100 * ratio}cqh)` }}
      >
        {state !== 'shown' && (
          <canvas ref={canvas} width={0} height={0} className="absolute inset-0 size-full bg-white/10" />
        )}
        {previewUrl !== null && state !== 'failed' && (
          <img
            src={previewUrl}
            srcSet={
              previewSmallUrl === null || previewSmallUrl === previewUrl
                ? undefined
                : `${previewSmallUrl} ${width(800)}w, ${previewUrl} ${width(1_280)}w`
            }
            sizes={isZoomed ? `${width(1_280)}px` : `min(100vw, ${Math.round(100 * ratio)}vh)`}
            alt={photo.alt}
            decoding="async"
            draggable={false}
            onLoad={() => setState('shown')}
            onError={() => {
              setState('failed');
              onFailed?.(photo.photoId);
            }}
            className={classNames('absolute inset-0 size-full transition-opacity', state !== 'shown' && 'opacity-0')}
          />
        )}
        {box !== undefined && (
          <div
            className="pointer-events-none absolute rounded-sm border-white shadow-[0_0_0_1px_rgb(0_0_0/0.5),inset_0_0_0_1px_rgb(0_0_0/0.5)]"
            style={{
              left: `${box.x * 100}%`,
              top: `${box.y * 100}%`,
              width: `${box.width * 100}%`,
              height: `${box.height * 100}%`,
              borderWidth: 'calc(2px / var(--zoom, 1))',
            }}
          />
        )}
      </div>
      {state === 'failed' && isCurrent && (
        <div role="alert" className="absolute flex flex-col items-center gap-3 rounded-md bg-black/70 p-4 text-center">
          <p>{texts.failed}</p>
          <button
            type="button"
            className="flex min-h-11 items-center gap-2 rounded-md border border-white px-4"
            onClick={() => setState('loading')}
          >
            <RotateCw size={16} aria-hidden />
            {common.retry}
          </button>
        </div>
      )}
    </div>
  );
}
