import { Link } from '@tanstack/react-router';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import type { Refusal } from '../buying/refused-basket.ts';
import { buyingTexts } from '../buying/texts.ts';
import { PhotoLine } from '../photo-line.tsx';
import { photoTexts, reasonText } from '../photo-texts.ts';
import { checkoutTexts } from './texts.ts';

interface Props {
  refusals: readonly Refusal[];
  thumbnails: ReadonlyMap<string, string | null>;
}

/** What was to be bought and cannot be, each with why. */
export function Refused({ refusals, thumbnails }: Props) {
  const texts = useTexts(checkoutTexts);
  const photos = useTexts(photoTexts);
  const { toOrder } = useTexts(buyingTexts);
  return (
    <section role="status" className="mt-6">
      <h2 className="text-warn">{texts.left}</h2>
      <ul className="divide-y divide-line">
        {refusals.map(({ photoId, reason, orderId }) => (
          <PhotoLine
            key={photoId}
            photoId={photoId}
            title=""
            thumbnailUrl={thumbnails.get(photoId)}
            isFaded
            end={
              orderId !== undefined && (
                <Link to="/orders/$orderId" params={{ orderId }} className={buttonClass('secondary', 'small')}>
                  {toOrder}
                </Link>
              )
            }
          >
            {reasonText(photos, reason)}
          </PhotoLine>
        ))}
      </ul>
    </section>
  );
}
