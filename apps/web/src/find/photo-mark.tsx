import { Check, ShoppingCart } from 'lucide-react';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/messages.ts';
import { classNames } from '../ui/class-names.ts';
import { dropPhoto, isKept, keepPhoto } from './keep-photo.ts';
import type { Photo } from './photo.ts';
import { photoTexts } from './photo-texts.ts';

const tagClass = 'absolute bottom-2 left-2 rounded-full bg-black/65 px-2.5 py-0.5 text-sm text-white tabular-nums';

/** Over a photo of a grid: its price, with the cart at one press; or that it is mine already. */
export function PhotoMark({ photo }: { photo: Photo }) {
  const texts = useTexts(photoTexts);
  const format = useFormat();
  if (photo.isPurchased) {
    return (
      <span className={classNames(tagClass, 'pointer-events-none! inline-flex items-center gap-1')}>
        <Check size={14} aria-hidden /> {texts.bought}
      </span>
    );
  }
  if (!photo.buyable) return null;
  const isInCart = isKept(photo, 'cart');
  const label = isInCart ? texts.remove.cart : texts.add.cart;
  return (
    <>
      <span className={classNames(tagClass, 'pointer-events-none!')}>
        {photo.priceIdr === 0 ? texts.free : format.rupiah(photo.priceIdr)}
      </span>
      <button
        type="button"
        tabIndex={-1}
        aria-label={label}
        aria-pressed={isInCart}
        title={label}
        onClick={() => void (isInCart ? dropPhoto('cart', photo) : keepPhoto('cart', photo))}
        className={classNames(
          'absolute right-0 bottom-0 flex size-11 items-center justify-center transition-opacity pointer-coarse:opacity-100',
          !isInCart && 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
        )}
      >
        <span
          className={classNames(
            'flex size-8 items-center justify-center rounded-full',
            isInCart ? 'bg-accent text-on-accent' : 'bg-black/65 text-white',
          )}
        >
          <ShoppingCart size={16} aria-hidden />
        </span>
      </button>
    </>
  );
}
