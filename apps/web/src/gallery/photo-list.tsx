import { useEffect, useMemo, useRef } from 'react';
import type { Columns, GridSource, Links } from './columns.ts';
import { GridModel } from './grid-model.ts';
import type { GridProps } from './grid-props.ts';
import { ImageLoader } from './image-loader.ts';
import { Tiles } from './tiles.tsx';

export interface ListPhoto extends Links {
  readonly photoId: string;
  readonly ratio: number;
  readonly thumbhash: string | null;
  /** What is on it; without it its place in the list. */
  readonly alt?: string | undefined;
  readonly capturedAt?: string | undefined;
}

interface Props extends GridProps {
  photos: readonly ListPhoto[];
  hasMore: boolean;
  /** Asks for the next page; called once for each length of the list. */
  onMore: () => void;
  /** For photos whose links have run out. */
  loadLinks?: GridSource['loadLinks'] | undefined;
}

/** Photos that come by the page, in the rows and tiles of the grid. */
export function PhotoList({ photos, hasMore, onMore, loadLinks, ...rest }: Props) {
  // Each page is laid out for itself, so that nothing moves when the next one comes.
  const ends = useRef<number[]>([]);
  const model = useMemo(() => {
    ends.current = [...ends.current.filter((end) => end < photos.length), photos.length];
    const parts = ends.current.map((end, at) => columnsOf(photos.slice(ends.current[at - 1] ?? 0, end)));
    return new GridModel(parts, [], !hasMore);
  }, [photos, hasMore]);
  const latest = useRef({ photos, loadLinks });
  latest.current = { photos, loadLinks };
  const images = useMemo(
    () =>
      new ImageLoader((photoIds, signal, isAgain) => {
        const { photos: known, loadLinks: load } = latest.current;
        if (isAgain && load !== undefined) return load(photoIds, signal);
        return Promise.resolve(new Map(known.map((photo) => [photo.photoId, photo])));
      }),
    [],
  );
  useEffect(() => () => images.close(), [images]);
  return <Tiles {...rest} model={model} images={images} onMore={hasMore ? onMore : undefined} />;
}

function columnsOf(photos: readonly ListPhoto[]): Columns {
  return {
    photoIds: photos.map(({ photoId }) => photoId),
    ratios: photos.map(({ ratio }) => ratio),
    thumbhashes: photos.map(({ thumbhash }) => thumbhash),
    capturedAt: photos.map(({ capturedAt }) => capturedAt ?? ''),
    alts: photos.map(({ alt }) => alt),
  };
}
