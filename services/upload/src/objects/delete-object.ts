import { type JobKind, patient } from '@kilas/platform/jobs/job-kinds.ts';
import { buckets } from '@kilas/storage/buckets.ts';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';

const object = z.object({ bucket: z.enum(buckets), key: z.string() });

/** Sent in the transaction that gives an object up, so that no crash leaves it behind. */
export const deleteObjectJob: JobKind<z.output<typeof object>> = {
  name: 'delete-object',
  data: object,
  ...patient,
  retryDelayMaxSeconds: 60,
  timeoutSeconds: 60,
};

/** The object is gone afterwards, also when it was before. */
export async function deleteObject(ctx: UploadContext, ref: z.output<typeof object>): Promise<void> {
  await ctx.objects.delete(ref);
}
