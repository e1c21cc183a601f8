import { createFileRoute, Link } from '@tanstack/react-router';
import { CalendarPlus } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EventRow } from '../event-row.tsx';
import { Invitations } from '../invitations.tsx';
import { RequireCreator } from '../require-creator.tsx';
import { studioTexts } from '../texts.ts';
import { useMyEvents } from '../use-my-events.ts';
import { eventsTexts } from './texts.ts';

export const Route = createFileRoute('/studio/events')({ component: EventsPage });

function EventsPage() {
  const studio = useTexts(studioTexts);
  return (
    <Page
      title={useTexts(eventsTexts).title}
      actions={
        <Link to="/studio/events/new" className={buttonClass()}>
          {studio.newEvent}
        </Link>
      }
    >
      <RequireCreator>
        <div className="space-y-8">
          <Invitations />
          <Events />
        </div>
      </RequireCreator>
    </Page>
  );
}

function Events() {
  const texts = useTexts(eventsTexts);
  const studio = useTexts(studioTexts);
  const events = useMyEvents();
  if (events.isPending) return <Rows />;
  if (events.error !== null && events.data === undefined) {
    return <ErrorNote error={events.error} onRetry={() => void events.refetch()} />;
  }
  if (events.data?.length === 0) {
    return (
      <Empty
        icon={CalendarPlus}
        title={texts.emptyTitle}
        action={
          <Link to="/studio/events/new" className={buttonClass()}>
            {studio.newEvent}
          </Link>
        }
      >
        {texts.emptyText}
      </Empty>
    );
  }
  return (
    <>
      <ul>
        {events.data?.map((event) => (
          <EventRow key={event.eventId} event={event} />
        ))}
      </ul>
      <MoreButton list={events} label={studio.more} />
    </>
  );
}

function Rows() {
  return (
    <div className="space-y-3">
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-20" />
      ))}
    </div>
  );
}
