import type { FormShape } from '@kilas/platform/http/form.ts';
import { wholeNumber } from '@kilas/platform/values/bounds.ts';
import {
  cleanLine,
  cutLine,
  descriptionLengthMax,
  isBlank,
  lines,
  optionalLine,
  titleLengthMax,
} from '@kilas/platform/values/text.ts';
import { z } from 'zod';
import type { UploadConfig } from '../config.ts';

const untitled = 'Photo';

function coordinate(limit: number) {
  return z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,15})?$/, 'FIELD_NOT_DEGREES')
    .transform(Number)
    .pipe(z.number().min(-limit).max(limit));
}

type FieldLimits = Pick<UploadConfig, 'PRICE_MAX_IDR'>;

/** To make a schema takes longer than to read many forms with it. */
const made = new WeakMap<FieldLimits, ReturnType<typeof makeFields>>();

/** The fields that stand before the files of a form; all values are text. */
export function photoFields(config: FieldLimits): ReturnType<typeof makeFields> {
  const known = made.get(config);
  if (known !== undefined) return known;
  const fields = makeFields(config);
  made.set(config, fields);
  return fields;
}

function makeFields(config: FieldLimits) {
  return z
    .strictObject({
      title: optionalLine(titleLengthMax).optional().describe('Without it, the name of the file'),
      description: lines(descriptionLengthMax).optional(),
      priceIdr: z
        .string()
        .regex(/^\d{1,15}$/, 'FIELD_NOT_RUPIAH')
        .transform(Number)
        .pipe(wholeNumber(0, config.PRICE_MAX_IDR))
        .transform(BigInt),
      sale: z.enum(['shared', 'exclusive']).optional().describe('shared without it'),
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

/** The file's name without folders and extension, fit to be shown; one in which nobody would see anything is "Photo". */
export function titleOf(fileName: string): string {
  const name = fileName.replace(/^.*[\\/]/s, '').replace(/\.[^.]{1,10}$/, '');
  const title = cutLine(cleanLine(name), titleLengthMax);
  return isBlank(title) ? untitled : title;
}
