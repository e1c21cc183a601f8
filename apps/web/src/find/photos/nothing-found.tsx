import { Link } from '@tanstack/react-router';
import { Images, ScanFace, SearchX } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useFacecams } from '../facecams/use-facecams.ts';
import { GridSkeleton } from '../grid-skeleton.tsx';
import { useConsent } from '../use-consent.ts';
import { hasFilters, type PhotoFilters } from './filters.ts';
import { photosTexts } from './texts.ts';

/** Why there are no photos, and what brings some. */
export function NothingFound({ filters }: { filters: PhotoFilters }) {
  const texts = useTexts(photosTexts);
  const consent = useConsent();
  const facecams = useFacecams();
  const findMe = (label: string) => (
    <Link to="/find-me" className={buttonClass()}>
      {label}
    </Link>
  );
  if (hasFilters(filters)) {
    return (
      <Empty
        icon={SearchX}
        title={texts.noFit}
        action={
          <Link to="/photos" search={{}} className={buttonClass('secondary')}>
            {texts.clear}
          </Link>
        }
      >
        {texts.noFitText}
      </Empty>
    );
  }
  if (consent.isPending || facecams.isPending) return <GridSkeleton />;
  if (consent.data?.isGiven === false) {
    return (
      <Empty icon={ScanFace} title={texts.noConsent} action={findMe(texts.findMe)}>
        {texts.noConsentText}
      </Empty>
    );
  }
  if (facecams.data?.length === 0) {
    return (
      <Empty icon={ScanFace} title={texts.noSelfie} action={findMe(texts.findMe)}>
        {texts.noSelfieText}
      </Empty>
    );
  }
  return (
    <Empty
      icon={Images}
      title={texts.nothing}
      action={
        <div className="flex flex-wrap justify-center gap-3">
          <Link to="/" className={buttonClass()}>
            {texts.browse}
          </Link>
          <Link to="/find-me" className={buttonClass('secondary')}>
            {texts.another}
          </Link>
        </div>
      }
    >
      {texts.nothingText}
    </Empty>
  );
}
