import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { ShoppingCart } from 'lucide-react';
import { useAccount } from '../../../api/use-session.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { keepBasket } from '../../buying/basket.ts';
import { buyingTexts } from '../../buying/texts.ts';
import { DownloadPhoto } from '../../downloads/download-photo.tsx';
import { isKept, keepPhoto } from '../../keep-photo.ts';
import type { Photo } from '../../photo.ts';
import { photoTexts, reasonText } from '../../photo-texts.ts';
import { photoPageTexts } from './texts.ts';

/** The price and the ways to buy; why not, where it cannot be bought; the original, where it was. */
export function BuyPhoto({ photo, share }: { photo: Photo; share: string | undefined }) {
  const texts = useTexts(photoPageTexts);
  const names = useTexts(photoTexts);
  const { toOrders } = useTexts(buyingTexts);
  const format = useFormat();
  const navigate = useNavigate();
  const { href } = useLocation();
  const isMember = useAccount() !== undefined;
  if (photo.isPurchased) {
    return (
      <div className="flex items-center gap-2">
        <p className="mr-2">{texts.bought}</p>
        <DownloadPhoto photoId={photo.photoId} title={photo.title} />
      </div>
    );
  }
  const isExclusive = photo.sale === 'exclusive';
  const buyNow = () => {
    keepBasket({ photoIds: [photo.photoId], share });
    void navigate({ to: '/checkout' });
  };
  return (
    <div className="space-y-3">
      <p>
        <span className="text-2xl font-semibold tabular-nums">
          {photo.priceIdr === 0 ? names.free : format.rupiah(photo.priceIdr)}
        </span>
        {isExclusive && <span className="ml-3">{names.exclusive}</span>}
      </p>
      {!isMember ? (
        <Link to="/sign-in" search={{ next: href }} className={buttonClass()}>
          {texts.signInToBuy}
        </Link>
      ) : !photo.buyable ? (
        <>
          <p role="status">{reasonText(names, photo.notBuyableReason)}</p>
          {photo.notBuyableReason === 'ORDER_OPEN_FOR_PHOTO' && (
            <Link to="/orders" className={buttonClass('secondary')}>
              {toOrders}
            </Link>
          )}
        </>
      ) : (
        <>
          <div className="flex flex-wrap gap-2">
            <Button onClick={buyNow}>{texts.buy}</Button>
            {isKept(photo, 'cart') ? (
              <Link to="/cart" className={buttonClass('secondary')}>
                <ShoppingCart size={18} aria-hidden /> {texts.toCart}
              </Link>
            ) : (
              <Button kind="secondary" onClick={() => void keepPhoto('cart', photo, share)}>
                <ShoppingCart size={18} aria-hidden /> {texts.cart}
              </Button>
            )}
          </div>
          <p className="text-sm opacity-70">{isExclusive ? texts.exclusiveNote : texts.sharedNote}</p>
        </>
      )}
    </div>
  );
}
