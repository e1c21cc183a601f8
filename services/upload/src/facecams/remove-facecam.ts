import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { deleteObjectJob } from '../objects/delete-object.ts';
import type { Facecam } from './facecam.ts';
import { deleteFacecam, findFacecamOfMember, lockMember } from './facecam-store.ts';
import { forgetFacecamJob } from './jobs.ts';

/** Removes a member's own facecam; that its template and its selfie go is certain from then on. */
export async function removeFacecam(ctx: UploadContext, input: { memberId: string; facecamId: string }): Promise<void> {
  await transact(ctx.db, async (tx) => {
    await lockMember(tx, input.memberId);
    const facecam = await findFacecamOfMember(tx, input);
    if (facecam === undefined) refuse('FACECAM_NOT_FOUND');
    await dropFacecam(ctx, tx, facecam);
  });
}

/** Deletes a facecam's row, with the jobs that delete the rest of it. The member is locked. */
export async function dropFacecam(ctx: UploadContext, tx: Transaction<UploadSchema>, facecam: Facecam): Promise<void> {
  const { facecam_id: facecamId, member_id: memberId, selfie_key: key } = facecam;
  await deleteFacecam(tx, facecamId);
  await ctx.jobs.send(tx, forgetFacecamJob, { memberId, facecamId });
  if (key !== null) await ctx.jobs.send(tx, deleteObjectJob, { bucket: 'selfies', key });
}

/** Ai forgets the template, and refuses one that an enrolment still under way would make. */
export async function forgetFacecam(
  ctx: UploadContext,
  input: { memberId: string; facecamId: string },
  signal: AbortSignal,
): Promise<void> {
  await createClient(FaceService, ctx.peers('ai')).forgetFacecam(input, { signal });
}
