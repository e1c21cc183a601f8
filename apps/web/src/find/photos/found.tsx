import { useCallback, useState } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { GridSkeleton } from '../grid-skeleton.tsx';
import type { Photo } from '../photo.ts';
import { PhotoMark } from '../photo-mark.tsx';
import { PhotosGrid } from '../photos-grid.tsx';
import { BuyBar } from './buy-bar.tsx';
import type { PhotoFilters } from './filters.ts';
import { NothingFound } from './nothing-found.tsx';
import { photosTexts } from './texts.ts';
import { useMyPhotos } from './use-my-photos.ts';

/** The photos in which I was found. */
export function Found({ filters }: { filters: PhotoFilters }) {
  const texts = useTexts(photosTexts);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useMyPhotos(filters);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const renderMark = useCallback((photo: Photo) => <PhotoMark photo={photo} />, []);
  if (data === undefined) {
    return error === null ? <GridSkeleton /> : <ErrorNote error={error} onRetry={() => void refetch()} />;
  }
  const photos = data.pages.flatMap(({ items }) => items);
  if (photos.length === 0) return <NothingFound filters={filters} />;
  return (
    <>
      <BuyBar photos={photos} isWhole={!hasNextPage} selected={selected} onClear={() => setSelected(new Set())} />
      <PhotosGrid
        label={texts.grid}
        photos={photos}
        hasMore={hasNextPage && error === null}
        onMore={() => {
          if (!isFetchingNextPage) void fetchNextPage();
        }}
        renderMark={renderMark}
        selection={{ selected, onChange: setSelected }}
      />
      {error !== null && (
        <div className="mt-4">
          <ErrorNote error={error} onRetry={() => void fetchNextPage()} />
        </div>
      )}
    </>
  );
}
