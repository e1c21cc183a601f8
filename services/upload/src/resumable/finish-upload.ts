import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { refuse } from '@kilas/messages/refuse.ts';
import { ObjectMissing } from '@kilas/platform/objects/objects.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { countPhoto } from '../metrics.ts';
import type { HeldRoom } from '../spool/room.ts';
import { type SpooledFile, spoolStream } from '../spool/spool.ts';
import { type AcceptedPhoto, acceptPhoto } from '../uploads/accept-photo.ts';
import type { Creator } from '../uploads/upload.ts';
import { discardParts } from './discard-parts.ts';
import { listStoredParts } from './part-store.ts';
import { putOutcome, tellUploads } from './resumable-store.ts';
import type { Outcome, Part, Receiving } from './resumable-upload.ts';
import { readMetadata } from './upload-metadata.ts';

/** What the last bytes of a file come with. */
export interface LastPart {
  readonly creator: Creator;
  readonly receiving: Receiving;
  readonly part: SpooledFile;
  readonly folder: string;
  readonly room: HeldRoom;
}

/** A refusal ends the upload; what is known already comes with what of it was not applied. */
export type Finished = Outcome & { readonly photo?: AcceptedPhoto };

/**
 * Puts the file together and has it accepted as any other photo. The photo's row names the upload, so that it is accepted from that commit on,
 * whatever becomes of this process; sent again, the same last part comes to the same photo. Throws what may be otherwise in a moment: then
 * the last part is to be sent again.
 */
export async function finishUpload(ctx: UploadContext, last: LastPart): Promise<Finished> {
  const { receiving, creator } = last;
  const { creatorId } = creator;
  const { uploadId } = receiving;
  const finished = await accept(ctx, last).catch((error: unknown) => refusedBy(ctx, last, error));
  // The photo itself says that a file which came whole was accepted.
  if (receiving.holder === undefined && finished.state === 'accepted') return finished;
  await putOutcome(ctx.db, { ...receiving, creatorId, outcome: finished, now: ctx.clock.now() });
  if (receiving.holder !== undefined) await discardParts(ctx, uploadId);
  return finished;
}

/** Throws what says nothing of the bytes. */
async function refusedBy(ctx: UploadContext, { creator, receiving }: LastPart, error: unknown): Promise<Finished> {
  const refusal = refusalOf(error);
  if (refusal === undefined || finalReason(error) === undefined) throw error;
  // One who had lost the upload may have ended it meanwhile, and taken the parts away.
  const asked = { creatorId: creator.creatorId, uploadIds: [receiving.uploadId], now: ctx.clock.now() };
  const [told] = await tellUploads(ctx.db, asked);
  if (told !== undefined && told.photoId !== null) return { state: 'accepted', photoId: told.photoId };
  return { state: 'refused', refusal: { reason: refusal.reason, params: refusal.params } };
}

async function accept(ctx: UploadContext, last: LastPart): Promise<Finished> {
  const { receiving, creator } = last;
  const { fields, fileName, sha256 } = readMetadata(ctx.config, receiving.metadata);
  const file = await wholeFile(ctx, last);
  const photo = await countPhoto(file.sizeBytes, async () => {
    if (sha256 !== undefined && sha256 !== file.sha256) refuse('FILE_CHECKSUM_WRONG');
    const receivedAs = receiving.uploadId;
    return acceptPhoto(ctx, { creator, fields, fileName, file, isTruncated: false, receivedAs });
  });
  return { state: photo.isNew ? 'accepted' : 'duplicate', photoId: photo.photoId, photo };
}

/** The last part itself, or all parts as one file. */
async function wholeFile(ctx: UploadContext, { receiving, part, folder, room }: LastPart): Promise<SpooledFile> {
  if (receiving.offsetBytes === 0) return part;
  const parts = await listStoredParts(ctx.db, receiving.uploadId);
  const stream = Readable.from(bytesOf(ctx, parts, part), { objectMode: false });
  const file = await spoolStream(folder, stream, room, 'whole').catch((error: unknown) => {
    // As after a disaster: bytes that were there are lost.
    if (error instanceof ObjectMissing) refuse('UPLOAD_GONE');
    throw error;
  });
  if (file.sizeBytes !== receiving.sizeBytes) throw new Error('the parts of an upload do not make its file');
  return file;
}

async function* bytesOf(ctx: UploadContext, parts: readonly Part[], last: SpooledFile): AsyncGenerator<Buffer> {
  for (const { object_key: key } of parts) yield* (await ctx.objects.open({ bucket: 'originals', key })).stream;
  yield* createReadStream(last.path);
}
