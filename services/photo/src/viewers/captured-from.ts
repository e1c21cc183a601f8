import { z } from 'zod';

/** By what a wall clock became an instant: its own offset, the zone of the event or of the creator; or not at all, and it is the upload's. */
export const capturedZones = ['file', 'event', 'creator', 'upload'] as const;
export type CapturedZone = (typeof capturedZones)[number];

export const capturedFrom = z
  .object({
    source: z
      .string()
      .describe('What in the file said it: exif, xmp, iptc or png; "upload": the file says no time that can be true'),
    field: z.string().nullable().describe('e.g. DateTimeOriginal'),
    zone: z
      .enum(capturedZones)
      .describe(
        "What the camera's clock was read by: an offset in the file, the zone of the event, that of the creator",
      ),
  })
  .nullable()
  .describe('How the capture time was found; null where it was not kept');

/** How a capture time was found, for those who are shown it; null for photos of a release that did not keep it. */
export function capturedFromOf(row: {
  captured_field: string | null;
  captured_zone: CapturedZone | null;
}): z.output<typeof capturedFrom> {
  if (row.captured_zone === null) return null;
  if (row.captured_zone === 'upload' || row.captured_field === null)
    return { source: 'upload', field: null, zone: 'upload' };
  const [source = '', ...field] = row.captured_field.split(':');
  return { source, field: field.join(':'), zone: row.captured_zone };
}
