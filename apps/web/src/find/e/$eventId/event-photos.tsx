import { useNavigate } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { useRef } from 'react';
import type { GridHandle } from '../../../gallery/grid-props.ts';
import { PhotoGrid } from '../../../gallery/photo-grid.tsx';
import { useTexts } from '../../../i18n/messages.ts';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EventView } from '../../events/event-queries.ts';
import { eventTexts } from '../../events/texts.ts';
import { aroundIn } from '../../history-state.ts';
import { eventPageTexts } from './texts.ts';
import { useEventPhotos } from './use-event-photos.ts';

/** All photos of an event that is open to browse, newest first. */
export function EventPhotos({ event, share }: { event: EventView; share: string | undefined }) {
  const texts = useTexts(eventPageTexts);
  const { photos } = useTexts(eventTexts);
  const navigate = useNavigate();
  const grid = useRef<GridHandle | null>(null);
  const { source, first } = useEventPhotos({ eventId: event.eventId, share });
  const open = async (photoId: string, index: number) => {
    // Without those beside it, it opens all the same.
    const around = grid.current === null ? [] : await aroundIn(grid.current, index).catch(() => []);
    const search = share === undefined ? {} : { share };
    await navigate({ to: '/p/$photoId', params: { photoId }, search, state: { around } });
  };
  if (source === undefined) {
    return first.isError ? (
      <ErrorNote error={first.error} onRetry={() => void first.refetch()} />
    ) : (
      <Skeleton className="h-96 w-full" />
    );
  }
  if (source.total === 0) {
    return (
      <Empty icon={Images} title={texts.noPhotos}>
        {texts.noPhotosText}
      </Empty>
    );
  }
  return (
    <section aria-labelledby="photos">
      <h2 id="photos" className="mb-3 px-3 text-xl font-semibold md:px-0">
        {photos(event.photoCount ?? source.total)}
      </h2>
      <PhotoGrid
        source={source}
        label={texts.photos}
        timeZone={event.timeZone}
        handle={grid}
        onOpen={(photoId, index) => void open(photoId, index)}
      />
    </section>
  );
}
