import type { FormShape } from '@kilas/platform/form.ts';
import { z } from 'zod';
import type { UploadConfig } from '../config.ts';

const titleLengthMax = 100;
const descriptionLengthMax = 500;
const untitled = 'Photo';

/** Control characters, and those that turn the direction of the text around them. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/** The same, but for line breaks. */
const unprintableInText = /[^\P{Cc}\n]+|[\u202a-\u202e\u2066-\u2069]+/gu;

const text = z.string().transform((written) => {
  return written.replace(/\r\n?/g, '\n').replace(unprintableInText, ' ').trim();
});

const line = z.string().transform((written) => written.replace(unprintable, ' ').replace(/\s+/g, ' ').trim());

function coordinate(limit: number) {
  return z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,15})?$/, 'FIELD_NOT_DEGREES')
    .transform(Number)
    .pipe(z.number().min(-limit).max(limit));
}

/** The fields that stand before the files of a form; all values are text. */
export function photoFields(config: Pick<UploadConfig, 'PRICE_MAX_IDR'>) {
  return z
    .strictObject({
      title: line.pipe(z.string().max(titleLengthMax)).optional().describe('Without it, the name of the file'),
      description: text.pipe(z.string().max(descriptionLengthMax)).default(''),
      priceIdr: z
        .string()
        .regex(/^\d{1,15}$/, 'FIELD_NOT_RUPIAH')
        .transform(Number)
        .pipe(z.number().int().min(0).max(config.PRICE_MAX_IDR))
        .transform(BigInt),
      sale: z.enum(['shared', 'exclusive']).default('shared'),
      eventId: z.guid().optional(),
      latitude: coordinate(90).optional(),
      longitude: coordinate(180).optional(),
    })
    .refine(({ latitude, longitude }) => (latitude === undefined) === (longitude === undefined), {
      error: 'FIELD_HALF_A_PLACE',
      path: ['longitude'],
    });
}

export function photoForm(config: UploadConfig, fileCountMax: number): FormShape<ReturnType<typeof photoFields>> {
  return {
    fields: photoFields(config),
    fileField: 'photo',
    fileCountMax,
    fileSizeMaxBytes: config.PHOTO_SIZE_MAX_BYTES,
  };
}

/** The file's name without its extension, fit to be shown. */
export function titleOf(fileName: string): string {
  const name = line.parse(fileName.replace(/^.*[\\/]/s, '').replace(/\.[^.]{1,10}$/, ''));
  // Half of a surrogate pair may be left at the cut.
  return (
    name
      .slice(0, titleLengthMax)
      .replace(/[\ud800-\udbff]$/, '')
      .trim() || untitled
  );
}
