import { z } from 'zod';

const count = z.number().int();

/** A creator's photos by state. A photo has one state; those that somebody bought are counted as `sold` too. */
export const photoCounts = z.object({
  raw: count,
  onSale: count,
  hidden: count,
  failed: count,
  removed: count,
  sold: count,
});

/** Of counts by the names that the database has for states. */
export function photoCountsOf(counts: Readonly<Record<string, number>>): z.output<typeof photoCounts> {
  const { raw = 0, on_sale: onSale = 0, hidden = 0, failed = 0, removed = 0, sold = 0 } = counts;
  return { raw, onSale, hidden, failed, removed, sold };
}
