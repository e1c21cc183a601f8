import { Link } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/messages.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import type { EventKey } from '../../events/event-queries.ts';
import { findMeTexts } from '../texts.ts';

/** The search is through and found nothing: what one can do. */
export function NobodyFound({ event, onAnother }: { event: EventKey | undefined; onAnother: () => void }) {
  const texts = useTexts(findMeTexts);
  return (
    <div className="max-w-2xl space-y-4">
      <h2 className="text-xl font-semibold">{texts.nobody}</h2>
      <p>{texts.nobodyText}</p>
      <ul className="list-disc space-y-2 pl-5">
        <li>{texts.nobodyWait}</li>
        <li>{texts.nobodySelfie}</li>
        {event !== undefined && <li>{texts.nobodyBrowse}</li>}
      </ul>
      <div className="flex flex-wrap gap-3 pt-2">
        <Button onClick={onAnother}>{texts.addSelfie}</Button>
        {event !== undefined && (
          <Link
            to="/e/$eventId"
            params={{ eventId: event.eventId }}
            search={event.share === undefined ? {} : { share: event.share }}
            className={buttonClass('secondary')}
          >
            {texts.browse}
          </Link>
        )}
      </div>
    </div>
  );
}
