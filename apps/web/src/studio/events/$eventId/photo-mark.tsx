import type { GridPhoto } from '../../../gallery/columns.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { isPhotoState, stateNames } from '../../photo-states.ts';
import { studioTexts } from '../../texts.ts';
import { eventTexts } from './texts.ts';

/** The state of a photo that is not simply on sale, and how often it was bought. */
export function PhotoMark({ photo: { state, soldCount = 0 } }: { photo: GridPhoto }) {
  const studio = useTexts(studioTexts);
  const texts = useTexts(eventTexts);
  const isPlain = state === undefined || state === 'on_sale' || !isPhotoState(state);
  if (isPlain && soldCount === 0) return null;
  const className = 'rounded-full bg-black/70 px-2 py-0.5 text-xs font-medium text-white';
  return (
    <span className="absolute bottom-1.5 left-1.5 flex flex-wrap gap-1">
      {!isPlain && <span className={className}>{studio.states[stateNames[state]]}</span>}
      {soldCount > 0 && <span className={className}>{texts.sold(soldCount)}</span>}
    </span>
  );
}
