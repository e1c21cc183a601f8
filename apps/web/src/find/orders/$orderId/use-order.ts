import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { answerOf, api } from '../../../api/api.ts';
import type { Order } from '../order.ts';

const pauseMs = 2_500;

/** One of my orders, asked for again and again while it waits for its payment. */
export function useOrder(orderId: string) {
  const queryClient = useQueryClient();
  const query = useQuery({
    queryKey: ['orders', orderId],
    queryFn: () => answerOf(api.GET('/v1/orders/{orderId}', { params: { path: { orderId } } })),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? pauseMs : false),
  });
  const status = query.data?.status;
  const before = useRef<Order['status']>(undefined);
  useEffect(() => {
    const hasEnded = before.current === 'pending' && status !== 'pending';
    before.current = status;
    if (!hasEnded) return;
    // What was reserved is bought or free again.
    for (const queryKey of [['orders', 'all'], ['purchases'], ['lists'], ['explore'], ['photo'], ['quote']]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  }, [status, queryClient]);
  return query;
}
