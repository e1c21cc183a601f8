import { useEffect } from 'react';
import { notePrice, seenPrice } from '../seen-prices.ts';

type Priced = { readonly photoId: string; readonly priceIdr: number };

/** What photos cost when the buyer last saw them, for those that cost something else by now. */
export function usePriceChanges(lines: readonly Priced[]): ReadonlyMap<string, number> {
  useEffect(() => {
    for (const { photoId, priceIdr } of lines) {
      if (seenPrice(photoId) === undefined) notePrice(photoId, priceIdr);
    }
  }, [lines]);
  return new Map(
    lines.flatMap(({ photoId, priceIdr }) => {
      const seen = seenPrice(photoId);
      return seen === undefined || seen === priceIdr ? [] : [[photoId, seen]];
    }),
  );
}

/** The buyer goes on at these prices. */
export function acceptPrices(lines: readonly Priced[]): void {
  for (const { photoId, priceIdr } of lines) notePrice(photoId, priceIdr);
}
