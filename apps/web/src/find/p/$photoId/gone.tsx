import { Link } from '@tanstack/react-router';
import { ImageOff } from 'lucide-react';
import { useAccount } from '../../../api/use-session.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { buttonClass } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { useTitle } from '../../../ui/page.tsx';
import { photoPageTexts } from './texts.ts';

/** A photo that is not there, or not for who asks. */
export function Gone() {
  const texts = useTexts(photoPageTexts);
  const isMember = useAccount() !== undefined;
  useTitle(texts.gone);
  return (
    <Empty
      icon={ImageOff}
      title={texts.gone}
      action={
        isMember ? (
          <div className="flex flex-wrap justify-center gap-3">
            <Link to="/photos" className={buttonClass()}>
              {texts.toMyPhotos}
            </Link>
            <Link to="/photos" search={{ show: 'rejected' }} className={buttonClass('secondary')}>
              {texts.lookAtRejected}
            </Link>
          </div>
        ) : (
          <Link to="/" className={buttonClass()}>
            {texts.toHome}
          </Link>
        )
      }
    >
      {texts.goneText}
    </Empty>
  );
}
