import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';

/** What the platform keeps of a sale. */
export function useSaleTerms() {
  return useQuery({
    queryKey: ['studio', 'terms'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/wallet/terms', { signal })),
  });
}
