import { Link } from '@tanstack/react-router';
import { ApiProblem } from '../../api/problem.ts';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import { buyingTexts } from '../buying/texts.ts';

/** Where to go when an order of mine stands in the way of another. */
export function ProblemAction({ error }: { error: unknown }) {
  const texts = useTexts(buyingTexts);
  if (!(error instanceof ApiProblem)) return null;
  const { orderId } = error.document;
  if (typeof orderId === 'string') {
    return (
      <Link to="/orders/$orderId" params={{ orderId }} className={buttonClass('secondary', 'small')}>
        {texts.toOrder}
      </Link>
    );
  }
  if (error.code !== 'ORDERS_OPEN_TOO_MANY' && error.code !== 'PHOTOS_HELD_TOO_MANY') return null;
  return (
    <Link to="/orders" className={buttonClass('secondary', 'small')}>
      {texts.toOrders}
    </Link>
  );
}
