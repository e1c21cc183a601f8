import { useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../../../api/api.ts';

export type Receipt = Answer<'/v1/me/consent/receipts/{receiptId}'>;

const pauseMs = 2_000;

/** What was removed after a withdrawal; asked for again until all of it is. */
export function useReceipt(receiptId: string) {
  return useQuery({
    queryKey: ['receipt', receiptId],
    queryFn: () => answerOf(api.GET('/v1/me/consent/receipts/{receiptId}', { params: { path: { receiptId } } })),
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.completedAt === null ? pauseMs : false),
  });
}
