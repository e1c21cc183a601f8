import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Price } from '../buying/price.tsx';
import type { Refusal } from '../buying/refused-basket.ts';
import { buyingTexts } from '../buying/texts.ts';
import { dropPhoto } from '../keep-photo.ts';
import type { Photo } from '../photo.ts';
import { PhotoLine } from '../photo-line.tsx';
import { photoTexts, reasonText } from '../photo-texts.ts';
import { cartTexts } from './texts.ts';

interface Props {
  photo: Photo;
  before: number | undefined;
  /** Why the checkout refuses it, where the list did not know yet. */
  refusal: Refusal | undefined;
}

export function CartLine({ photo, before, refusal }: Props) {
  const texts = useTexts(cartTexts);
  const photos = useTexts(photoTexts);
  const { toOrder } = useTexts(buyingTexts);
  const { photoId, title, event, creator, sale, priceIdr } = photo;
  const reason = refusal?.reason ?? (photo.buyable ? undefined : photo.notBuyableReason);
  return (
    <PhotoLine
      photoId={photoId}
      title={title}
      thumbnailUrl={photo.thumbnailSmallUrl}
      isFaded={reason !== undefined}
      end={
        <>
          {reason === undefined && <Price priceIdr={priceIdr} before={before} />}
          {refusal?.orderId !== undefined && (
            <Link
              to="/orders/$orderId"
              params={{ orderId: refusal.orderId }}
              className={buttonClass('secondary', 'small')}
            >
              {toOrder}
            </Link>
          )}
          <IconButton
            icon={X}
            label={texts.remove(title === '' ? photos.photo : title)}
            onClick={() => void dropPhoto('cart', photo)}
          />
        </>
      }
    >
      {reason === undefined
        ? [event?.name ?? creator.displayName, sale === 'exclusive' && photos.exclusive].filter(Boolean).join(' · ')
        : reasonText(photos, reason)}
    </PhotoLine>
  );
}
