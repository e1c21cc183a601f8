import type { Figures } from './refused-basket.ts';

/** What somebody is about to buy: kept for the tab, so that neither a reload nor signing in loses it. */
export interface Basket {
  readonly photoIds: readonly string[];
  /** The token of the event's link, for photos that only its holders see. */
  readonly share?: string | undefined;
  /** An order that was sent and perhaps got no answer: sent again with the same key it is the same order. */
  readonly attempt?: { readonly key: string; readonly order: string } | undefined;
}

const storageKey = 'kilas.basket';

export function readBasket(): Basket | undefined {
  const stored = sessionStorage.getItem(storageKey);
  // Written by keepBasket alone.
  return stored === null ? undefined : (JSON.parse(stored) as Basket);
}

export function keepBasket(basket: Basket): void {
  sessionStorage.setItem(storageKey, JSON.stringify(basket));
}

export function emptyBasket(): void {
  sessionStorage.removeItem(storageKey);
}

/** The body of an order that repeats the figures which the buyer saw. */
export function orderOf({ lines, totalIdr }: Figures, share: string | undefined) {
  const repeated = lines.map(({ photoId, priceIdr }) => ({ photoId, priceIdr }));
  return { lines: repeated, totalIdr, ...(share === undefined ? {} : { share }) };
}

/** The key for an order: that of the last attempt where it is the same order, and kept until it is answered. */
export function keyFor(order: ReturnType<typeof orderOf>, attempt: Basket['attempt'], newKey: () => string): string {
  return attempt?.order === JSON.stringify(order) ? attempt.key : newKey();
}
