import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { answerOf, api } from '../../api/api.ts';
import { ApiProblem, Unreachable } from '../../api/problem.ts';
import { type Basket, emptyBasket, keepBasket, keyFor, orderOf, readBasket } from '../buying/basket.ts';
import type { Quote } from '../buying/quote.ts';
import { type Figures, figuresIn } from '../buying/refused-basket.ts';
import { acceptPrices } from '../buying/use-price-changes.ts';

/**
 * Orders what is shown, and goes on to the payment page; an order that costs nothing is done. The key of the order is kept before it is sent,
 * so that an order whose answer was lost is the same one when it is sent again.
 */
export function usePlaceOrder(basket: Basket) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (figures: Figures) => {
      const order = orderOf(figures, basket.share);
      // As it is kept by now: this page may have sent the order once already.
      const key = keyFor(order, readBasket()?.attempt, () => crypto.randomUUID());
      acceptPrices(figures.lines);
      keepBasket({ ...basket, attempt: { key, order: JSON.stringify(order) } });
      return answerOf(api.POST('/v1/orders', { params: { header: { 'idempotency-key': key } }, body: order }));
    },
    onSuccess: async (order) => {
      emptyBasket();
      queryClient.setQueryData(['orders', order.orderId], order);
      void queryClient.invalidateQueries({ queryKey: ['orders', 'all'] });
      void queryClient.invalidateQueries({ queryKey: ['lists', 'cart'] });
      // In the history stands the order: who comes back from the payment page finds it, and not this page.
      await navigate({ to: '/orders/$orderId', params: { orderId: order.orderId }, replace: true });
      if (order.paymentUrl !== undefined) location.assign(order.paymentUrl);
    },
    onError: (error) => {
      // Perhaps the order was made: it is sent again as it is.
      if (error instanceof Unreachable) return undefined;
      const figures = error instanceof ApiProblem ? figuresIn(error) : undefined;
      if (figures === undefined) return queryClient.invalidateQueries({ queryKey: ['quote'] });
      const key = ['quote', basket.photoIds, basket.share];
      queryClient.setQueryData<Quote>(key, (quote) => ({ refusals: quote?.refusals ?? [], figures }));
      return undefined;
    },
  });
}
