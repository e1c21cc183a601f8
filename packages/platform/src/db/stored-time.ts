import pg from 'pg';
import { z } from 'zod';

const timestamptzOid = 1184;
const earliest = new Date('0001-01-01T00:00:00.000Z');
const latest = new Date('9999-12-31T23:59:59.999Z');

/** The database's text of a time that a Date cannot hold: more digits, a year that ISO 8601 cannot write, infinity. */
const exactTexts = new WeakMap<Date, string>();

const readTime = pg.types.getTypeParser(timestamptzOid);

/**
 * A timestamptz as the driver gives it to us. Whatever stands in the table, it is a Date that every answer can carry: a time outside
 * the years 1 to 9999 becomes the nearest one inside, so that no odd row breaks the list that shows it.
 */
export function readStoredTime(text: string): Date {
  const read: unknown = readTime(text);
  const ms = read instanceof Date ? read.getTime() : Number(read);
  // Later than a Date can be, it is read as none.
  const time = nearest(Number.isNaN(ms) ? (text.endsWith('BC') ? -Infinity : Infinity) : ms);
  if (time.getTime() !== ms || /\.\d{4,}/.test(text)) exactTexts.set(time, text);
  return time;
}

/** The time itself, or the nearest one that ISO 8601 writes with four digits. */
export function nearestShown(time: Date): Date {
  return nearest(time.getTime());
}

function nearest(ms: number): Date {
  return new Date(Math.min(Math.max(ms, earliest.getTime()), latest.getTime()));
}

/** Where a row stands in a list by time, for a cursor: exact, so that the next page neither repeats nor skips it. */
export function exactTime(time: Date): string {
  return exactTexts.get(time) ?? time.toISOString();
}

const written =
  /^(\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(?:Z|[+-](\d\d)(?::([0-5]\d))?(?::[0-5]\d)?)( BC)?$/;

/** What `exactTime` wrote, to be compared by the database; nothing that it would refuse. */
export const exactTimeText = z.string().max(50).refine(isExactTime);

function isExactTime(text: string): boolean {
  if (text === 'infinity' || text === '-infinity') return true;
  const parts = written.exec(text);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0] = parts.slice(1).map(Number);
  if (year < 1 || hour > 23 || minute > 59 || second > 59 || offset > 14) return false;
  const isBeforeChrist = parts[9] !== undefined;
  // What PostgreSQL can hold, less a day on both sides, because an offset may move the time.
  if (isBeforeChrist ? year > 4_713 || (year === 4_713 && month * 100 + day < 1_125) : year > 294_276) return false;
  if (!isBeforeChrist && year === 294_276 && month === 12 && day === 31 && !/(Z|[+-]00(:00)*)$/.test(text))
    return false;
  // The calendar comes again every 400 years, and a year before Christ is counted from 0.
  const like = 2_000 + ((isBeforeChrist ? 1 - year + 4_800 : year) % 400);
  const date = new Date(Date.UTC(like, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A BIGINT as JSON carries it: exact, or the largest number that is exact. */
export function shownNumber(value: bigint): number {
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > max ? max : value < -max ? -max : value);
}

/** A double precision as JSON carries it; null for infinity and what is not a number. */
export function shownReal(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
}
