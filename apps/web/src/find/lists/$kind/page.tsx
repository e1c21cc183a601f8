import { createFileRoute, notFound } from '@tanstack/react-router';
import { Heart, Star } from 'lucide-react';
import { useCallback } from 'react';
import { useTexts } from '../../../i18n/messages.ts';
import { RequireAccount } from '../../../shell/require-account.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Page } from '../../../ui/page.tsx';
import { GridSkeleton } from '../../grid-skeleton.tsx';
import type { Photo } from '../../photo.ts';
import { PhotosGrid } from '../../photos-grid.tsx';
import { useList } from '../../use-list.ts';
import { ListMark } from './list-mark.tsx';
import { listTexts } from './texts.ts';

const kinds = ['wishlist', 'favourites'] as const;
const icons = { wishlist: Star, favourites: Heart };

import { NothingYet } from '../../nothing-yet.tsx';

export const Route = createFileRoute('/_find/lists/$kind')({
  params: {
    parse: ({ kind }) => ({ kind: kinds.find((each) => each === kind) ?? notThere() }),
    stringify: ({ kind }) => ({ kind }),
  },
  component: () => (
    <RequireAccount>
      <List />
    </RequireAccount>
  ),
});

function notThere(): never {
  throw notFound();
}

function List() {
  const { kind } = Route.useParams();
  const texts = useTexts(listTexts);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useList(kind);
  const renderMark = useCallback((photo: Photo) => <ListMark kind={kind} photo={photo} />, [kind]);
  const photos = data?.pages.flatMap(({ items }) => items);
  return (
    <Page title={texts.titles[kind]} width="wide">
      {photos === undefined && error === null && <GridSkeleton />}
      {photos?.length === 0 && (
        <NothingYet icon={icons[kind]} title={texts.empty[kind]}>
          {texts.emptyText[kind]}
        </NothingYet>
      )}
      {photos !== undefined && photos.length > 0 && (
        <PhotosGrid
          label={texts.titles[kind]}
          photos={photos}
          hasMore={hasNextPage && error === null}
          onMore={() => {
            if (!isFetchingNextPage) void fetchNextPage();
          }}
          renderMark={renderMark}
        />
      )}
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}
