import { Check } from 'lucide-react';
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { classNames } from '../ui/class-names.ts';
import type { GridPhoto } from './columns.ts';
import type { ImageLoader } from './image-loader.ts';
import { colourOf, paintSoon } from './placeholder.ts';

interface Props {
  photo: GridPhoto;
  index: number;
  total: number;
  label: string;
  left: number;
  top: number;
  width: number;
  height: number;
  images: ImageLoader;
  isActive: boolean;
  /** Undefined where nothing can be selected. */
  isSelected: boolean | undefined;
  selectLabel: string;
  renderMark: ((photo: GridPhoto, index: number) => ReactNode) | undefined;
}

/** A photo in its place: its colour at once, then its blurred picture, then itself. */
export const Tile = memo(function Tile(props: Props) {
  const { photo, index, total, label, left, top, width, height, images, isActive, isSelected, selectLabel } = props;
  const image = useRef<HTMLImageElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isShown, setIsShown] = useState(false);
  const isLarge = Math.max(width, height) * devicePixelRatio > 220;
  const { photoId, thumbhash } = photo;
  const colour = useMemo(() => colourOf(thumbhash), [thumbhash]);

  useEffect(() => {
    if (image.current === null) return undefined;
    setIsShown(false);
    return images.show({ photoId, index, image: image.current, isLarge, done: setIsShown });
  }, [images, photoId, isLarge]);

  useEffect(() => {
    if (canvas.current === null || thumbhash === null || isShown) return undefined;
    return paintSoon(canvas.current, thumbhash);
  }, [thumbhash, isShown]);

  return (
    <li
      aria-setsize={total}
      aria-posinset={index + 1}
      className={classNames('group absolute overflow-hidden', colour === undefined && 'bg-sunken')}
      style={{ left, top, width, height, backgroundColor: colour }}
    >
      {thumbhash !== null && !isShown && <canvas ref={canvas} width={0} height={0} className="absolute size-full" />}
      <img
        ref={image}
        alt=""
        decoding="async"
        draggable={false}
        className={classNames(
          'absolute size-full object-cover transition-[opacity,scale] duration-150',
          !isShown && 'opacity-0',
          isSelected === true && 'scale-90 rounded-md',
        )}
      />
      <button
        type="button"
        data-index={index}
        tabIndex={isActive ? 0 : -1}
        aria-label={label}
        className="absolute inset-0 focus-visible:-outline-offset-3 focus-visible:outline-3"
      />
      {props.renderMark !== undefined && (
        <div className="pointer-events-none absolute inset-0 *:pointer-events-auto">
          {props.renderMark(photo, index)}
        </div>
      )}
      {isSelected !== undefined && (
        <button
          type="button"
          role="checkbox"
          aria-checked={isSelected}
          aria-label={`${selectLabel}: ${label}`}
          tabIndex={-1}
          data-check={index}
          className={classNames(
            'absolute top-0 left-0 flex size-11 items-center justify-center transition-opacity pointer-coarse:opacity-100',
            !isSelected && 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
          )}
        >
          <span
            className={classNames(
              'flex size-6 items-center justify-center rounded-full border-2 border-white shadow-float',
              isSelected ? 'bg-accent text-on-accent' : 'bg-black/40',
            )}
          >
            {isSelected && <Check size={14} strokeWidth={3} aria-hidden />}
          </span>
        </button>
      )}
    </li>
  );
});
