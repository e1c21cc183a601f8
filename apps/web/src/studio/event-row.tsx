import { Link } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/messages.ts';
import { studioTexts } from './texts.ts';
import type { MyEvent } from './use-my-events.ts';

/** An event of mine in a list. */
export function EventRow({ event }: { event: MyEvent }) {
  const texts = useTexts(studioTexts);
  const format = useFormat();
  const { eventId, name, startsAt, endsAt, timeZone, place, coverSmallUrl, counts, visibility } = event;
  const photos = counts.raw + counts.onSale + counts.hidden + counts.failed;
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        to="/studio/events/$eventId"
        params={{ eventId }}
        className="-mx-3 flex items-center gap-4 rounded-md px-3 py-3 hover:bg-sunken"
      >
        <span className="flex aspect-[3/2] w-24 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-sunken md:w-28">
          {coverSmallUrl === null ? (
            <Images size={20} className="text-muted" aria-hidden />
          ) : (
            <img src={coverSmallUrl} alt="" className="size-full object-cover" loading="lazy" />
          )}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{name}</span>
          <span className="block truncate text-sm text-muted">
            {[format.days(startsAt, endsAt, timeZone), place].filter(Boolean).join(' · ')}
          </span>
          <span className="block truncate text-sm text-muted">{texts.visibilities[visibility]}</span>
        </span>
        <span className="shrink-0 text-right text-sm tabular-nums">
          <span className="block">{texts.photos(photos)}</span>
          {counts.sold > 0 && (
            <span className="block text-good">
              {texts.states.sold}: {format.number(counts.sold)}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
