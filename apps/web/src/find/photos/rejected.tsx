import { UserX } from 'lucide-react';
import { useCallback } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { takeAnswerBack } from '../answer-photo.ts';
import { GridSkeleton } from '../grid-skeleton.tsx';
import type { Photo } from '../photo.ts';
import { PhotosGrid } from '../photos-grid.tsx';
import { photosTexts } from './texts.ts';
import { useRejected } from './use-rejected.ts';

/** The photos that I said I am not in, to be taken back. */
export function Rejected() {
  const texts = useTexts(photosTexts);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRejected();
  const renderMark = useCallback((photo: Photo) => <TakeBack photo={photo} />, []);
  if (data === undefined) {
    return error === null ? <GridSkeleton /> : <ErrorNote error={error} onRetry={() => void refetch()} />;
  }
  const photos = data.pages.flatMap(({ items }) => items);
  if (photos.length === 0) {
    return (
      <Empty icon={UserX} title={texts.noRejected}>
        {texts.noRejectedText}
      </Empty>
    );
  }
  return (
    <PhotosGrid
      label={texts.rejectedGrid}
      photos={photos}
      hasMore={hasNextPage && error === null}
      onMore={() => {
        if (!isFetchingNextPage) void fetchNextPage();
      }}
      renderMark={renderMark}
    />
  );
}

function TakeBack({ photo }: { photo: Photo }) {
  const texts = useTexts(photosTexts);
  return (
    <button
      type="button"
      onClick={() => void takeAnswerBack(photo)}
      className="absolute inset-x-2 bottom-2 min-h-11 rounded-md bg-black/70 px-3 text-sm text-white hover:bg-black/85"
    >
      {texts.isMe}
    </button>
  );
}
