import { useNavigate } from '@tanstack/react-router';
import { ShoppingCart, X } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { keepBasket } from '../buying/basket.ts';
import { isKept, keepPhoto } from '../keep-photo.ts';
import type { Photo } from '../photo.ts';
import { photosTexts } from './texts.ts';

/** As many as one order takes. */
const orderMax = 200;

interface Props {
  photos: readonly Photo[];
  /** No further page is to come. */
  isWhole: boolean;
  selected: ReadonlySet<string>;
  onClear: () => void;
}

/** Buys all photos that are shown, or those that are selected, without the way through the cart. */
export function BuyBar({ photos, isWhole, selected, onClear }: Props) {
  const texts = useTexts(photosTexts);
  const navigate = useNavigate();
  const isSelecting = selected.size > 0;
  const chosen = photos.filter((photo) => photo.buyable && (!isSelecting || selected.has(photo.photoId)));
  const buy = () => {
    keepBasket({ photoIds: chosen.map(({ photoId }) => photoId) });
    void navigate({ to: '/checkout' });
  };
  const addToCart = () => {
    for (const photo of chosen) if (!isKept(photo, 'cart')) void keepPhoto('cart', photo);
    onClear();
  };
  if (!isSelecting) {
    if (!isWhole || chosen.length === 0 || chosen.length > orderMax) return null;
    return (
      <Button className="mb-4" onClick={buy}>
        {texts.buyAll(chosen.length)}
      </Button>
    );
  }
  return (
    <div className="fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 flex flex-wrap items-center gap-3 border-t border-line bg-ground px-4 py-3 md:bottom-6 md:mx-auto md:w-fit md:rounded-lg md:border md:shadow-float">
      <IconButton icon={X} label={texts.clearSelection} onClick={onClear} />
      <p aria-live="polite" className="flex-1 whitespace-nowrap md:pr-6">
        {texts.selected(selected.size)}
      </p>
      <Button kind="secondary" disabled={chosen.length === 0} onClick={addToCart}>
        <ShoppingCart size={18} aria-hidden /> {texts.cartSelected}
      </Button>
      <Button disabled={chosen.length === 0 || chosen.length > orderMax} onClick={buy}>
        {texts.buySelected}
      </Button>
    </div>
  );
}
