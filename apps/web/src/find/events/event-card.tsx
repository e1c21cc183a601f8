import { Link } from '@tanstack/react-router';
import { useTexts } from '../../i18n/messages.ts';
import { Cover } from './cover.tsx';
import { eventTexts } from './texts.ts';
import type { EventItem } from './use-public-events.ts';
import { useWhenAndWhere } from './use-when-and-where.ts';

/** An event in a list: its picture, and what one looks for it by. */
export function EventCard({ event, isFirst }: { event: EventItem; isFirst: boolean }) {
  const texts = useTexts(eventTexts);
  const whenAndWhere = useWhenAndWhere(event);
  return (
    <Link to="/e/$eventId" params={{ eventId: event.eventId }} className="group block rounded-md">
      <Cover
        {...event}
        isFirst={isFirst}
        sizes="(min-width: 1024px) 32vw, (min-width: 640px) 48vw, 92vw"
        className="aspect-3/2 w-full rounded-md transition-opacity group-hover:opacity-90"
      />
      <h3 className="mt-3 text-lg leading-snug font-semibold group-hover:underline">{event.name}</h3>
      <p className="text-muted">{whenAndWhere}</p>
      {event.photoCount !== null && event.photoCount > 0 && (
        <p className="text-muted">{texts.photos(event.photoCount)}</p>
      )}
    </Link>
  );
}
