import { useEffect, useMemo, useRef } from 'react';
import type { Columns, Links } from './columns.ts';
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
}

/** Photos that come by the page, in the rows and tiles of the grid. */
export function PhotoList({ photos, hasMore, onMore, ...rest }: Props) {
  // Each page is laid out for itself, so that nothing moves when the next one comes.
  const ends = useRef<number[]>([]);
  const model = useMemo(() => {
    ends.current = [...ends.current.filter((end) => end < photos.length), photos.length];
    const parts = ends.current.map((end, at) => columnsOf(photos.slice(ends.current[at - 1] ?? 0, end)));
    return new GridModel(parts, [], !hasMore);
  }, [photos, hasMore]);
  const images = useMemo(() => new ImageLoader(() => Promise.resolve(new Map())), []);
  useEffect(() => () => images.close(), [images]);
  for (const photo of photos) images.know(photo.photoId, photo);
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
