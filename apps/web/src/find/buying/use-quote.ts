import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { quotePhotos } from './quote.ts';

/** What photos cost together now. */
export function useQuote(photoIds: readonly string[] | undefined, share?: string) {
  return useQuery({
    queryKey: ['quote', photoIds ?? [], share],
    queryFn: () => quotePhotos(photoIds ?? [], share),
    enabled: photoIds !== undefined,
    // Prices are asked for whenever the page is looked at; the last ones stay meanwhile.
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}
