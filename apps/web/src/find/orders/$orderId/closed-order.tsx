import { useNavigate } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { keepBasket } from '../../buying/basket.ts';
import type { Order } from '../order.ts';
import { orderTexts } from './texts.ts';

/** An order that nobody paid, and the way to make it anew. */
export function ClosedOrder({ order }: { order: Order }) {
  const texts = useTexts(orderTexts);
  const navigate = useNavigate();
  const orderAgain = () => {
    keepBasket({ photoIds: order.lines.map(({ photoId }) => photoId) });
    void navigate({ to: '/checkout' });
  };
  return (
    <>
      <p>{order.status === 'expired' ? texts.expired : texts.cancelled}</p>
      <Button onClick={orderAgain}>{texts.again}</Button>
    </>
  );
}
