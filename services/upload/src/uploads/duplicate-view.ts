import { duplicateText, photoFieldNames } from '@kilas/messages/duplicates.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';
import type { KnownPhoto } from './known-photo.ts';

/** What is answered to bytes that were sent before. */
export const duplicate = z.object({
  photoId: z.guid(),
  status: z.enum(['raw', 'on_sale', 'failed']),
  failureReason: z.string().nullable(),
  eventId: z.guid().nullable(),
  title: z.string(),
  description: z.string(),
  priceIdr: z.number().int(),
  sale: z.enum(['shared', 'exclusive']),
  place: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  hidden: z.boolean(),
  notApplied: z
    .array(z.enum(photoFieldNames))
    .describe('What was sent now and is otherwise on the photo, which stays as it is; see PATCH /v1/photos/{photoId}'),
  message: z.string().describe('The same in words for a person'),
});

export function viewOfDuplicate(photoId: string, known: KnownPhoto, locale: Locale): z.output<typeof duplicate> {
  const { status, sale, priceIdr, place, notApplied } = known;
  return {
    photoId,
    status: duplicate.shape.status.parse(status),
    failureReason: known.failureReason,
    eventId: known.eventId,
    title: known.title,
    description: known.description,
    priceIdr: Number(priceIdr),
    sale: duplicate.shape.sale.parse(sale),
    place: place === null ? null : { latitude: place.latitude, longitude: place.longitude },
    hidden: known.hidden,
    notApplied: [...notApplied],
    message: duplicateText(notApplied, locale),
  };
}
