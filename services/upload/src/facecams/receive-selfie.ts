import { refuse } from '@kilas/messages/refuse.ts';
import { type FormShape, fileSizeAtMost, readForm } from '@kilas/platform/http/form.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UploadConfig } from '../config.ts';
import type { UploadContext } from '../context.ts';
import { type SpooledFile, spoolStream } from '../spool/spool.ts';
import { type AddedFacecam, addFacecam, type NewFacecam } from './add-facecam.ts';
import { frameSizeMaxBytes, framesMax } from './challenge.ts';
import { checkProof } from './check-proof.ts';

export const selfieFields = z.strictObject({
  keepSelfie: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  challengeId: z.guid().optional(),
});

const framesField = 'frames';

function selfieForm(config: UploadConfig): FormShape<typeof selfieFields> {
  return {
    fields: selfieFields,
    fileField: 'selfie',
    fileCountMax: 1,
    fileSizeMaxBytes: config.SELFIE_SIZE_MAX_BYTES,
    besides: { field: framesField, countMax: framesMax, sizeMaxBytes: frameSizeMaxBytes },
  };
}

/** Reads a form with one selfie, and the frames of a challenge, and adds it once the form has ended well. */
export async function receiveSelfie(
  ctx: UploadContext,
  request: FastifyRequest,
  member: { memberId: string; consentEpoch: number },
): Promise<AddedFacecam> {
  const form = selfieForm(ctx.config);
  return ctx.room.hold(fileSizeAtMost(request, form), (room) =>
    ctx.spool.withFolder(async (folder) => {
      const received: Omit<NewFacecam, 'frames'>[] = [];
      const frames: SpooledFile[] = [];
      await readForm(request, form, async ({ field, stream, isTruncated }, { keepSelfie, challengeId }) => {
        checkProof(ctx.config, challengeId);
        const file = await spoolStream(folder, stream, room, `${field}-${frames.length}`);
        if (field === framesField) frames.push(isTruncated() ? refuseFrame() : file);
        else received.push({ ...member, keepSelfie, challengeId, file, isTruncated: isTruncated() });
      });
      const [selfie] = received;
      if (selfie === undefined) throw new Error('a form without a file was read without an error');
      return addFacecam(ctx, { ...selfie, frames });
    }),
  );
}

function refuseFrame(): never {
  return refuse('FILE_TOO_LARGE', { maxMebibytes: String(frameSizeMaxBytes / 1024 / 1024) });
}
