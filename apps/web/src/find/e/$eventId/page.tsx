import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { isProblem } from '../../../api/problem.ts';
import { queryClient } from '../../../api/query-client.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { eventQuery, firstPhotosQuery, timelineQuery } from '../../events/event-queries.ts';
import { preloadCover } from '../../events/preload-cover.ts';
import { EventHead } from './event-head.tsx';
import { EventMissing } from './event-missing.tsx';
import { EventPhotos } from './event-photos.tsx';

export const Route = createFileRoute('/_find/e/$eventId')({
  validateSearch: (search: Record<string, unknown>): { share?: string } =>
    typeof search.share === 'string' ? { share: search.share } : {},
  loaderDeps: ({ search: { share } }) => ({ share }),
  // Asked while the code of the page is still on its way, all at once; the page waits for none of it.
  loader: ({ params: { eventId }, deps: { share } }) => {
    const key = { eventId, share };
    // What fails is shown by the page, which asks for the same.
    queryClient.ensureQueryData(eventQuery(key)).then(preloadCover, () => {});
    void queryClient.prefetchQuery(firstPhotosQuery(key));
    void queryClient.prefetchQuery(timelineQuery(key));
  },
  component: EventPage,
});

function EventPage() {
  const { eventId } = Route.useParams();
  const { share } = Route.useSearch();
  const event = useQuery(eventQuery({ eventId, share }));
  if (event.isPending) return <EventSkeleton />;
  if (isProblem(event.error, 'EVENT_NOT_FOUND')) return <EventMissing />;
  if (event.data === undefined) {
    return (
      <div className="mx-auto max-w-2xl px-4 py-10">
        <ErrorNote error={event.error} onRetry={() => void event.refetch()} />
      </div>
    );
  }
  return (
    <div className="pb-16">
      <EventHead event={event.data} share={share} />
      {event.data.access === 'photos' && (
        <div className="mx-auto mt-8 max-w-[100rem] px-1 md:mt-12 md:px-8">
          <EventPhotos event={event.data} share={share} />
        </div>
      )}
    </div>
  );
}

function EventSkeleton() {
  return (
    <div className="mx-auto max-w-[100rem] md:px-8 md:pt-6">
      <Skeleton className="aspect-3/2 max-h-[52dvh] w-full md:aspect-[21/9]" />
      <div className="px-4 pt-6 md:px-0 md:pt-8">
        <Skeleton className="h-10 w-2/3 max-w-xl" />
        <Skeleton className="mt-3 h-6 w-1/2 max-w-sm" />
      </div>
    </div>
  );
}
