import { CalendarDays } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EventCard } from '../events/event-card.tsx';
import { usePublicEvents } from '../events/use-public-events.ts';
import { landingTexts } from './texts.ts';

const seenAtOnce = 3;
const gridClass = 'grid gap-x-6 gap-y-10 sm:grid-cols-2 lg:grid-cols-3';

export function PublicEvents() {
  const texts = useTexts(landingTexts);
  const events = usePublicEvents();
  if (events.isPending) return <EventsSkeleton />;
  if (events.data === undefined) return <ErrorNote error={events.error} onRetry={() => void events.refetch()} />;
  const items = events.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <Empty icon={CalendarDays} title={texts.none}>
        {texts.noneText}
      </Empty>
    );
  }
  return (
    <>
      <ul className={gridClass}>
        {items.map((event, at) => (
          <li key={event.eventId}>
            <EventCard event={event} isFirst={at < seenAtOnce} />
          </li>
        ))}
      </ul>
      {events.isFetchNextPageError && <ErrorNote error={events.error} />}
      {events.hasNextPage && (
        <div className="mt-10 flex justify-center">
          <Button kind="secondary" isBusy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {texts.more}
          </Button>
        </div>
      )}
    </>
  );
}

function EventsSkeleton() {
  return (
    <div className={gridClass}>
      {Array.from({ length: seenAtOnce }, (_, at) => (
        <div key={at}>
          <Skeleton className="aspect-3/2 w-full" />
          <Skeleton className="mt-3 h-6 w-3/4" />
          <Skeleton className="mt-2 h-5 w-1/2" />
        </div>
      ))}
    </div>
  );
}
