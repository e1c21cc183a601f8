import { Link, useLocation } from '@tanstack/react-router';
import { CalendarOff } from 'lucide-react';
import { useAccount } from '../../../api/use-session.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { buttonClass } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { useTitle } from '../../../ui/page.tsx';
import { eventPageTexts } from './texts.ts';

/** No such event, or one that is not shown to who asks: the API does not tell which. */
export function EventMissing() {
  const texts = useTexts(eventPageTexts);
  const isMember = useAccount() !== undefined;
  const { href } = useLocation();
  useTitle(texts.notFound);
  return (
    <Empty
      icon={CalendarOff}
      title={texts.notFound}
      isPage
      action={
        <div className="flex flex-wrap justify-center gap-3">
          {!isMember && (
            <Link to="/sign-in" search={{ next: href }} className={buttonClass()}>
              {texts.signIn}
            </Link>
          )}
          <Link to="/" className={buttonClass('secondary')}>
            {texts.toEvents}
          </Link>
        </div>
      }
    >
      {texts.notFoundText}
    </Empty>
  );
}
