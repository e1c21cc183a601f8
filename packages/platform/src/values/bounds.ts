import { z } from 'zod';

/**
 * What any value that comes from outside may be at most. Routes build their schemas of these, so that nothing is stored which
 * an answer, another service or the database cannot carry.
 */
export const firstInstant = new Date('1900-01-01T00:00:00.000Z');
export const lastInstant = new Date('2200-12-31T23:59:59.999Z');

/** Whether a time lies in the years 1900 to 2200, in UTC; false for a time that is none. */
export function isWithinBounds(time: Date): boolean {
  return time >= firstInstant && time <= lastInstant;
}

/** An instant with its offset. The bounds hold for UTC: by its offset a time of 9999 lies in the year 10000. */
export const instant = z.iso
  // What is no time must not reach the rules between fields, which reckon with it.
  .datetime({ offset: true, abort: true })
  .transform((text) => new Date(text))
  .refine(isWithinBounds, { error: 'FIELD_TIME_RANGE', abort: true });

/** A whole number that JSON carries exactly. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  return z.int().min(min).max(max);
}

/** A list of one entry or more. */
export function listOf<Item extends z.ZodType>(item: Item, countMax: number) {
  return z.array(item).min(1).max(countMax);
}

/** A text that is compared and never shown: a token, a key, the name of a version. */
export function opaque(lengthMax: number) {
  return z.string().min(1).max(lengthMax);
}

/** The largest amount of money that is ever asked for: sums of thousands of them are still exact in JSON. */
export const amountMaxIdr = 1_000_000_000_000;
