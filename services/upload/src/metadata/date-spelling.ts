/** A date as a file says it: a wall clock, with its offset from UTC where that is said too. */
export interface WrittenDate {
  /** "2026-05-01" */
  readonly day: string;
  /** "07:30:15"; undefined where the day alone is said. */
  readonly time?: string;
  /** "+07:00" */
  readonly offset?: string;
}

const textMaxLength = 64;
const firstYear = 1900;
const lastYear = 2200;
const offsetMaxMinutes = 14 * 60;
/** The first days of clocks that were never set. */
const unsetDays: ReadonlySet<string> = new Set(['1904-01-01', '1969-12-31', '1970-01-01', '1980-01-01']);

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const spacedDay = String.raw`(\d{4})\s*[-:/.]\s*(\d{1,2})\s*[-:/.]\s*(\d{1,2})`;
const packedDay = String.raw`(\d{4})(\d{2})(\d{2})`;
const listedDay = String.raw`(\d{4}) (\d{1,2}) (\d{1,2})`;
const days = [
  ...[spacedDay, packedDay, listedDay].map((day) => new RegExp(`^${day}(?!\\d)(.*)$`, 's')),
  // "20260501073015"
  new RegExp(`^${packedDay}(\\d{6}.*)$`, 's'),
];
/** With "T", blanks, a colon or a comma before it; seconds and what is finer may be missing. */
const spacedTime = /^[\s,T:_-]*(\d{1,2})\s*[:. ]\s*(\d{1,2})(?:\s*[:. ]\s*(\d{1,2}))?(?:[.,:]\d+)?(?!\d)(.*)$/is;
const packedTime = /^[\s,T:_-]*(\d{2})(\d{2})(\d{2})?(?:[.,]\d+)?(?!\d)(.*)$/is;
/** "Fri, 01 May 2026 07:30:15 +0700" (RFC 1123, for PNG) and "Fri May  1 07:30:15 2026" (C). */
const mailDate = /^(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{4})\b(.*)$/is;
const clockDate = /^(?:[a-z]{3,9},?\s+)?([a-z]{3})[a-z]*\s+(\d{1,2})\s+([\d:.]+)\s+(\d{4})$/i;

/**
 * Reads a date however cameras and editors write it: parts set off by colons, dashes, slashes, dots or not at all, blanks for zeros, with
 * or without seconds, fractions and an offset. Undefined for what is none: zeros, blanks, a 31st of February, a year beyond
 * 1900 to 2200, the first day of a clock that was never set. Parts of a second are left out.
 */
export function readDate(text: string): WrittenDate | undefined {
  // What a camera does not know it fills with blanks: "2026:05:01   :  :  ".
  const trimmed = text
    .slice(0, textMaxLength)
    .trim()
    .replace(/[\s:]+$/, '');
  const written = inOrder(trimmed);
  for (const pattern of days) {
    const match = pattern.exec(written);
    if (match === null) continue;
    const [, year, month, day, rest = ''] = match;
    return dateOf([Number(year), Number(month), Number(day)], readTime(rest));
  }
  return undefined;
}

/** Day, month and year as years come first everywhere else. */
function inOrder(text: string): string {
  const mail = mailDate.exec(text);
  if (mail !== null) return `${mail[3]}-${monthOf(mail[2])}-${mail[1]} ${mail[4]}`;
  const clock = clockDate.exec(text);
  return clock === null ? text : `${clock[4]}-${monthOf(clock[1])}-${clock[2]} ${clock[3]}`;
}

function monthOf(name = ''): number {
  return months.indexOf(name.toLowerCase()) + 1;
}

interface Time {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly offset: string | undefined;
}

function readTime(text: string): Time | undefined {
  const match = spacedTime.exec(text) ?? packedTime.exec(text);
  if (match === null) return undefined;
  const [, hours, minutes, seconds = '0', rest = ''] = match;
  const half = /^\s*([ap])\.?m\b\.?/i.exec(rest);
  const offset = readOffset(half === null ? rest : rest.slice(half[0].length));
  return { hours: hoursOf(Number(hours), half?.[1]), minutes: Number(minutes), seconds: Number(seconds), offset };
}

/** 12 a.m. is midnight; who writes 19 p.m. means 19. */
function hoursOf(hours: number, half: string | undefined): number {
  if (half === undefined || hours > 12) return hours;
  return (hours % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function dateOf(
  [year, month, day]: readonly [number, number, number],
  time: Time | undefined,
): WrittenDate | undefined {
  if (year < firstYear || year > lastYear) return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  // A 31st of February is read as a day in March.
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  const written = midnight.toISOString().slice(0, 10);
  if (unsetDays.has(written)) return undefined;
  if (time === undefined) return { day: written };
  const { hours, minutes, seconds, offset } = time;
  // The end of a day may be written as 24:00:00, a second that was put in as :60.
  const isTime = (hours < 24 && minutes < 60 && seconds <= 60) || (hours === 24 && minutes === 0 && seconds === 0);
  // A day with a time that is none is a day.
  if (!isTime) return { day: written };
  const instant = new Date(midnight.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000).toISOString();
  return { day: instant.slice(0, 10), time: instant.slice(11, 19), ...(offset === undefined ? {} : { offset }) };
}

/** "+07:00" of an offset as it is written behind a time or in a field of its own; undefined for none, or for one above 14 hours. */
export function readOffset(text: string): string | undefined {
  const trimmed = text.slice(0, textMaxLength).trim();
  const match = /^(?:UTC|GMT)?\s*([+\u2212-])\s*(\d{1,2})(?:[:.]?(\d{2}))?(?::?\d{2})?(?!\d)/i.exec(trimmed);
  if (match === null) return /^(?:Z|UTC|GMT)\b/i.test(trimmed) ? '+00:00' : undefined;
  const [, sign, hours, minutes = '0'] = match;
  const total = Number(hours) * 60 + Number(minutes);
  if (total > offsetMaxMinutes || Number(minutes) > 59) return undefined;
  const two = (number: number) => String(number).padStart(2, '0');
  return `${sign === '+' || total === 0 ? '+' : '-'}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}
