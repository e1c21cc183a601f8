/** By what a list of my own photos may be narrowed; `sold` in any state. */
export const photoStates = ['on_sale', 'sold', 'raw', 'hidden', 'failed', 'removed'] as const;
export type PhotoState = (typeof photoStates)[number];

/** The names that texts and counts have for them. */
export const stateNames = {
  on_sale: 'onSale',
  sold: 'sold',
  raw: 'raw',
  hidden: 'hidden',
  failed: 'failed',
  removed: 'removed',
} as const satisfies Record<PhotoState, string>;

export function isPhotoState(value: unknown): value is PhotoState {
  return photoStates.some((state) => state === value);
}
