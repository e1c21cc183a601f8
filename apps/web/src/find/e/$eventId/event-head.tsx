import { Link } from '@tanstack/react-router';
import { Images, ScanFace } from 'lucide-react';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { buttonClass } from '../../../ui/button.tsx';
import { useTitle } from '../../../ui/page.tsx';
import { Cover } from '../../events/cover.tsx';
import type { EventView } from '../../events/event-queries.ts';
import { pageCoverSizes } from '../../events/preload-cover.ts';
import { eventTexts } from '../../events/texts.ts';
import { eventPageTexts } from './texts.ts';
import { useIsFoundHere } from './use-is-found-here.ts';

const namesShownMax = 3;
const buttonShape = `${buttonClass('primary', 'large')} w-full sm:w-auto`;

/** What an event is, when, where, who photographs, and the one button. */
export function EventHead({ event, share }: { event: EventView; share: string | undefined }) {
  const texts = useTexts(eventPageTexts);
  const { findMe } = useTexts(eventTexts);
  const format = useFormat();
  const photographers = usePhotographers(event);
  const isFound = useIsFoundHere(event.eventId);
  useTitle(event.name);
  return (
    <header className="mx-auto max-w-[100rem] md:px-8 md:pt-6">
      {event.coverUrl !== null && (
        <Cover
          {...event}
          isFirst
          sizes={pageCoverSizes}
          className="aspect-3/2 max-h-[52dvh] w-full md:aspect-[21/9] md:rounded-lg"
        />
      )}
      <div className="flex flex-wrap items-end justify-between gap-x-10 gap-y-5 px-4 pt-6 md:px-0 md:pt-8">
        <div className="min-w-0">
          <h1 className="text-3xl leading-tight font-semibold tracking-tight md:text-4xl">{event.name}</h1>
          <p className="mt-2 text-lg text-muted">{format.span(event.startsAt, event.endsAt, event.timeZone)}</p>
          {event.place !== null && <p className="text-lg text-muted">{event.place}</p>}
          {photographers !== '' && <p className="mt-1 text-muted">{photographers}</p>}
          {event.access === 'page' && <p className="mt-4 max-w-prose">{texts.onlyMine}</p>}
        </div>
        {isFound ? (
          <Link to="/photos" search={{ event: event.eventId }} className={buttonShape}>
            <Images size={22} aria-hidden />
            {texts.mine}
          </Link>
        ) : (
          <Link
            to="/find-me"
            search={{ event: event.eventId, ...(share === undefined ? {} : { share }) }}
            className={buttonShape}
          >
            <ScanFace size={22} aria-hidden />
            {findMe}
          </Link>
        )}
      </div>
    </header>
  );
}

function usePhotographers({ creators }: EventView): string {
  const texts = useTexts(eventTexts);
  const names = creators.flatMap(({ displayName }) => displayName ?? []);
  if (names.length === 0) return '';
  const shown = names.slice(0, namesShownMax).join(', ');
  const more = names.length - namesShownMax;
  return texts.by(more > 0 ? `${shown} ${texts.and(more)}` : shown);
}
