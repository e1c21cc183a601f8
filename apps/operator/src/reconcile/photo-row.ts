import { z } from 'zod';

export const photoRow = z.object({
  id: z.string(),
  creatorId: z.string(),
  eventId: z.string().nullable(),
  title: z.string(),
  description: z.string(),
  priceIdr: z.string(),
  sale: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  sha256: z.string(),
  sizeBytes: z.string(),
  format: z.string(),
  originalKey: z.string(),
  status: z.enum(['raw', 'on_sale', 'failed', 'removed']),
  previewKey: z.string().nullable(),
  thumbnailKey: z.string().nullable(),
  recognition: z.enum(['pending', 'done', 'failed']),
  processedKey: z.string().nullable(),
  uploadedAt: z.date(),
  timeZone: z.string().nullable(),
});

/** A photo in the catalogue. */
export type PhotoRow = z.output<typeof photoRow>;

export const uploadCopy = z.object({
  id: z.string(),
  creatorId: z.string(),
  eventId: z.string().nullable(),
  title: z.string(),
  description: z.string(),
  priceIdr: z.string(),
  sale: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  sha256: z.string(),
  sizeBytes: z.string(),
  format: z.string(),
  originalKey: z.string(),
  createdAt: z.date(),
  timeZone: z.string().nullable(),
});

/** What upload knows of a photo, as the catalogue was told it. */
export type UploadCopy = z.output<typeof uploadCopy>;
