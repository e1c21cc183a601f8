import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { PhotoList } from '../../../gallery/photo-list.tsx';
import { useTexts } from '../../../i18n/messages.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { type EventKey, eventQuery } from '../../events/event-queries.ts';
import { FacecamList } from '../../facecams/facecam-list.tsx';
import { facecamTexts } from '../../facecams/texts.ts';
import { isUsable, useFacecams } from '../../facecams/use-facecams.ts';
import { aroundOf } from '../../history-state.ts';
import { findMeTexts } from '../texts.ts';
import { NobodyFound } from './nobody-found.tsx';
import { useFound } from './use-found.ts';
import { useIsSearching } from './use-is-searching.ts';

interface Props {
  event: EventKey | undefined;
  onAnother: () => void;
}

/** The search alive: matches as they come, and what to do where none come. */
export function SearchStep({ event, onAnother }: Props) {
  const texts = useTexts(findMeTexts);
  const facecamsTexts = useTexts(facecamTexts);
  const isSearching = useIsSearching();
  const found = useFound(event?.eventId, isSearching);
  const { data: facecams = [] } = useFacecams();
  const photoCount = useEventPhotoCount(event);
  const navigate = useNavigate();
  const photos = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const failed = facecams[0] !== undefined && !isUsable(facecams[0]) ? facecams[0] : undefined;
  const share = event?.share === undefined ? {} : { share: event.share };
  return (
    <div className="space-y-10">
      <section className="space-y-6">
        <div role="status" className="space-y-2">
          {isSearching && (
            <p className="flex items-center gap-3 text-lg font-medium">
              <Spinner className="size-5 text-accent" />
              {photoCount > 0 ? texts.searchingAmong(photoCount) : texts.searching}
            </p>
          )}
          {isSearching && photos.length === 0 && <p className="text-muted">{texts.searchingText}</p>}
          {photos.length > 0 && (
            <h2 className="text-xl font-semibold">
              {found.hasNextPage ? texts.foundMany(photos.length) : texts.found(photos.length)}
            </h2>
          )}
          {!isSearching && photos.length > 0 && photoCount > 0 && (
            <p className="text-muted">{texts.among(photoCount)}</p>
          )}
        </div>
        {failed?.detail !== undefined && (
          <div role="alert" className="space-y-3 rounded-md bg-danger-soft p-4 text-danger">
            <p>
              {texts.failed}: {failed.detail}
            </p>
          </div>
        )}
        {found.isError && photos.length === 0 && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
        {photos.length > 0 && (
          <>
            <PhotoList
              label={texts.foundLabel}
              photos={photos.map((photo) => ({ ...photo, ratio: ratioOf(photo), alt: photo.title }))}
              hasMore={found.hasNextPage}
              onMore={() => void found.fetchNextPage()}
              onOpen={(photoId) => {
                const around = aroundOf(
                  photos.map((photo) => photo.photoId),
                  photoId,
                );
                void navigate({ to: '/p/$photoId', params: { photoId }, search: share, state: { around } });
              }}
            />
            <Link
              to="/photos"
              search={event === undefined ? {} : { event: event.eventId }}
              className={buttonClass('primary', 'large')}
            >
              {texts.seeAll}
            </Link>
          </>
        )}
        {!isSearching && found.isSuccess && photos.length === 0 && facecams.length > 0 && failed === undefined && (
          <NobodyFound event={event} onAnother={onAnother} />
        )}
      </section>
      <section className="max-w-3xl space-y-4" aria-labelledby="selfies">
        <h2 id="selfies" className="text-xl font-semibold">
          {facecamsTexts.title}
        </h2>
        <p className="text-muted">{facecamsTexts.text}</p>
        <FacecamList />
        <Button kind="secondary" onClick={onAnother}>
          {facecamsTexts.add}
        </Button>
      </section>
    </div>
  );
}

function ratioOf({ width, height }: { width: number | null; height: number | null }): number {
  return width === null || height === null ? 1 : width / height;
}

/** 0 while it is not known, or is not told. */
function useEventPhotoCount(event: EventKey | undefined): number {
  const { data } = useQuery({
    ...eventQuery(event ?? { eventId: '', share: undefined }),
    enabled: event !== undefined,
  });
  return data?.photoCount ?? 0;
}
