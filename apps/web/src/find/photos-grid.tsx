import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Selection } from '../gallery/columns.ts';
import type { GridHandle } from '../gallery/grid-props.ts';
import { PhotoList } from '../gallery/photo-list.tsx';
import { useFormat } from '../i18n/format.ts';
import { aroundOf } from './history-state.ts';
import type { Photo } from './photo.ts';

interface Props {
  label: string;
  photos: readonly Photo[];
  hasMore: boolean;
  onMore: () => void;
  /** What stands over a photo. */
  renderMark: (photo: Photo) => ReactNode;
  selection?: Selection;
}

/** The photo that was opened last: who comes back from it goes on there. */
let opened: string | undefined;

/** Photos that come by the page; each opens its own page, which knows those beside it. */
export function PhotosGrid({ label, photos, hasMore, onMore, renderMark, selection }: Props) {
  const navigate = useNavigate();
  const format = useFormat();
  const byId = useMemo(() => new Map(photos.map((photo) => [photo.photoId, photo])), [photos]);
  const listed = useMemo(
    () =>
      photos.map(
        ({ photoId, width, height, thumbhash, thumbnailUrl, thumbnailSmallUrl, capturedAt, title, event }) => ({
          photoId,
          ratio: ratioOf({ width, height }),
          thumbhash,
          thumbnailUrl,
          thumbnailSmallUrl,
          capturedAt,
          alt: [title, event?.name, format.moment(capturedAt)].filter(Boolean).join(', '),
        }),
      ),
    [photos, format],
  );
  const mark = useCallback(
    ({ photoId }: { photoId: string }) => {
      const photo = byId.get(photoId);
      return photo === undefined ? null : renderMark(photo);
    },
    [byId, renderMark],
  );
  const grid = useRef<GridHandle | null>(null);
  useEffect(() => {
    const index = opened === undefined ? -1 : (grid.current?.indexOf(opened) ?? -1);
    opened = undefined;
    if (index !== -1) grid.current?.focus(index);
  }, []);
  const open = (photoId: string) => {
    opened = photoId;
    const around = aroundOf([...byId.keys()], photoId);
    void navigate({ to: '/p/$photoId', params: { photoId }, state: { around } });
  };
  return (
    <PhotoList
      label={label}
      photos={listed}
      hasMore={hasMore}
      onMore={onMore}
      onOpen={open}
      renderMark={mark}
      selection={selection}
      handle={grid}
    />
  );
}

/** Width by height; of a photo that is not measured yet, that of most cameras. */
export function ratioOf({ width, height }: Pick<Photo, 'width' | 'height'>): number {
  return width === null || height === null || height === 0 ? 1.5 : width / height;
}
