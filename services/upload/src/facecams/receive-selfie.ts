import { type FormShape, fileSizeAtMost, readForm } from '@kilas/platform/form.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UploadConfig } from '../config.ts';
import type { UploadContext } from '../context.ts';
import { spoolStream } from '../spool/spool.ts';
import { type AddedFacecam, addFacecam, type NewFacecam } from './add-facecam.ts';

export const selfieFields = z.strictObject({
  keepSelfie: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

function selfieForm(config: UploadConfig): FormShape<typeof selfieFields> {
  return {
    fields: selfieFields,
    fileField: 'selfie',
    fileCountMax: 1,
    fileSizeMaxBytes: config.SELFIE_SIZE_MAX_BYTES,
  };
}

/** Reads a form with one selfie and adds it once the form has ended well. */
export async function receiveSelfie(
  ctx: UploadContext,
  request: FastifyRequest,
  member: { memberId: string; consentEpoch: number },
): Promise<AddedFacecam> {
  const form = selfieForm(ctx.config);
  return ctx.room.hold(fileSizeAtMost(request, form), (room) =>
    ctx.spool.withFolder(async (folder) => {
      const received: NewFacecam[] = [];
      await readForm(request, form, async ({ stream, isTruncated }, { keepSelfie }) => {
        const file = await spoolStream(folder, stream, room);
        received.push({ ...member, keepSelfie, file, isTruncated: isTruncated() });
      });
      const [selfie] = received;
      if (selfie === undefined) throw new Error('a form without a file was read without an error');
      return addFacecam(ctx, selfie);
    }),
  );
}
