import { z } from 'zod';

/**
 * The one rule for texts that people write and others read: titles, names, places, descriptions, by whatever route they come.
 * They are cleaned as below, may not be blank or invisible, and their length is counted in code points (what a person takes for
 * a letter, or nearly), never in the units that a language stores them in. ADR 0027.
 */
const bidiControls = '\\u202a-\\u202e\\u2066-\\u2069';
const bidi = new RegExp(`[${bidiControls}]+`, 'gu');
const unprintable = new RegExp(`[\\p{Cc}${bidiControls}]+`, 'gu');
/** The same, but for line breaks. */
const unprintableInLines = /[^\P{Cc}\n]+/gu;
/** Letters that show nothing by themselves: zero-width and format letters, fillers, the empty Braille pattern, and blanks. */
const unseen = /[\p{Cf}\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Longest texts of their kinds, in code points, the same by whatever route they come. */
export const titleLengthMax = 100;
export const descriptionLengthMax = 500;

/** A text as one line: composed (NFC), without control letters and those that turn the text around them, its blanks single. */
export function cleanLine(written: string): string {
  return written.toWellFormed().replace(unprintable, ' ').replace(/\s+/g, ' ').trim().normalize('NFC');
}

/** A text of several lines, cleaned the same way; its line breaks and blanks stay. */
export function cleanLines(written: string): string {
  const broken = written.toWellFormed().replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n');
  return broken.replace(bidi, ' ').replace(unprintableInLines, ' ').trim().normalize('NFC');
}

/** Whether nobody would see anything of a text. */
export function isBlank(text: string): boolean {
  return text.replace(unseen, '') === '';
}

export function lengthOf(text: string): number {
  return [...text].length;
}

/** As much of a line as may be shown; the next reading of it cuts nothing more. */
export function cutLine(text: string, lengthMax: number): string {
  return cleanLine([...text].slice(0, lengthMax).join(''));
}

/** A line that has to be there: refused when it is blank or too long. */
export function line(lengthMax: number) {
  return within(z.string().transform(cleanLine), lengthMax)
    .refine((text) => !isBlank(text), { error: 'FIELD_BLANK' })
    .meta({ minLength: 1, maxLength: lengthMax });
}

/** A line that may be left out; blank is as good as absent. */
export function optionalLine(lengthMax: number) {
  return within(z.string().transform(cleanLine), lengthMax)
    .transform((text) => (isBlank(text) ? undefined : text))
    .meta({ maxLength: lengthMax });
}

/** Several lines; blank is empty. */
export function lines(lengthMax: number) {
  return within(z.string().transform(cleanLines), lengthMax)
    .transform((text) => (isBlank(text) ? '' : text))
    .meta({ maxLength: lengthMax });
}

function within(text: z.ZodType<string, string>, lengthMax: number) {
  return text.refine((cleaned) => lengthOf(cleaned) <= lengthMax, {
    error: 'FIELD_TOO_MANY_LETTERS',
    params: { max: lengthMax },
  });
}
