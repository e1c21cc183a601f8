import { Link } from '@tanstack/react-router';
import { ImageOff } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useTitle } from '../ui/page.tsx';
import { shellTexts } from './texts.ts';

/** Nothing answers at this address. */
export function NotFound() {
  const texts = useTexts(shellTexts);
  useTitle(texts.notFound);
  return (
    <Empty
      icon={ImageOff}
      title={texts.notFound}
      isPage
      action={
        <Link to="/" className={buttonClass('secondary')}>
          {texts.toHome}
        </Link>
      }
    >
      {texts.notFoundText}
    </Empty>
  );
}
