import { checkFields } from '@kilas/platform/http/form.ts';
import { Metadata } from '@tus/server';
import { z } from 'zod';
import type { UploadConfig } from '../config.ts';
import { photoFields } from '../uploads/photo-form.ts';
import type { PhotoFields } from '../uploads/upload.ts';

const fileNameLengthMax = 255;

const ofFile = z.object({
  fileName: z
    .string()
    .transform((name) => name.slice(0, fileNameLengthMax).toWellFormed())
    .default(''),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'FIELD_NOT_SHA256')
    .optional(),
});

export interface UploadMetadata {
  readonly fields: PhotoFields;
  readonly fileName: string;
  /** Of the whole file, in hex. */
  readonly sha256: string | undefined;
}

/** Reads what a client says of a file, in the spelling of tus; refuses with a 400 that names what does not fit. */
export function readMetadata(config: Pick<UploadConfig, 'PRICE_MAX_IDR'>, written: string): UploadMetadata {
  const { fileName, sha256, ...rest } = textsIn(written);
  const file = checkFields(ofFile, { fileName, sha256 });
  const fields = checkFields(photoFields(config), rest);
  if (file.error !== undefined) throw file.error;
  if (fields.error !== undefined) throw fields.error;
  return { fields: fields.value, ...file.value, sha256: file.value.sha256 };
}

/** A key without a value asks for nothing, as an empty field of a form. */
function textsIn(written: string): Record<string, string> {
  if (written === '') return {};
  const texts = Object.entries(Metadata.parse(written)).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(texts) as Record<string, string>;
}
