import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import type { UploadContext } from '../context.ts';
import type { Guest } from '../places.ts';
import { type SpooledFile, spoolStream } from '../spool/spool.ts';
import type { Creator } from '../uploads/upload.ts';
import { type Finished, finishUpload } from './finish-upload.ts';
import { insertPart, markPartStored } from './part-store.ts';
import type { RequestBody } from './request-body.ts';
import { moveOffset } from './resumable-store.ts';
import { partSizeMinBytes, type Receiving } from './resumable-upload.ts';

export interface PartInput {
  readonly creator: Creator;
  readonly guest: Guest;
  readonly receiving: Receiving;
  readonly body: RequestBody;
  /** As the request says it; undefined when it does not. */
  readonly sizeBytes: number | undefined;
  /** SHA-256 of the part in hex; undefined when the client sent none. */
  readonly sha256: string | undefined;
}

export interface PartOutcome {
  readonly offsetBytes: number;
  readonly finished?: Finished;
}

/**
 * Takes the next bytes of a file. Bytes that do not end it become an object, and the offset moves behind them once that is durable. Those that
 * end it make the photo. Of a body that breaks off the beginning is kept, unless a checksum speaks for the whole of it alone.
 */
export async function receivePart(ctx: UploadContext, input: PartInput): Promise<PartOutcome> {
  const { receiving, guest } = input;
  const leftBytes = receiving.sizeBytes - receiving.offsetBytes;
  const partBytes = input.sizeBytes ?? leftBytes;
  // The last part stands beside the whole file.
  const roomBytes = partBytes < leftBytes || receiving.offsetBytes === 0 ? partBytes : partBytes + receiving.sizeBytes;
  return ctx.limits.photosAtOnce.hold(guest, () =>
    ctx.room.hold(roomBytes, (room) =>
      ctx.spool.withFolder(async (folder) => {
        const part = await spoolStream(folder, input.body.stream, room);
        const { failure } = input.body;
        if (failure !== undefined) {
          const isKept = part.sizeBytes >= partSizeMinBytes && part.sizeBytes < leftBytes && input.sha256 === undefined;
          if (isKept && receiving.holder !== undefined) await storePart(ctx, receiving, receiving.holder, part);
          throw failure;
        }
        if (input.sha256 !== undefined && input.sha256 !== part.sha256) refuse('UPLOAD_CHECKSUM_WRONG');
        if (part.sizeBytes === leftBytes) {
          const finished = await finishUpload(ctx, { creator: input.creator, receiving, part, folder, room });
          return { offsetBytes: receiving.sizeBytes, finished };
        }
        if (receiving.holder === undefined) throw new Error('a file that was to come whole did not');
        if (part.sizeBytes < partSizeMinBytes) {
          refuse('UPLOAD_PART_TOO_SMALL', { minKibibytes: String(partSizeMinBytes / 1024) });
        }
        await storePart(ctx, receiving, receiving.holder, part);
        return { offsetBytes: receiving.offsetBytes + part.sizeBytes };
      }),
    ),
  );
}

/** Refuses with UPLOAD_HELD when somebody else has taken the upload; the object is deleted with the upload then. */
async function storePart(ctx: UploadContext, receiving: Receiving, holder: string, part: SpooledFile): Promise<void> {
  const { uploadId, offsetBytes: startBytes } = receiving;
  const objectKey = newObjectKey();
  await insertPart(ctx.db, { objectKey, uploadId, startBytes, sizeBytes: part.sizeBytes });
  await ctx.objects.writeFile({ bucket: 'originals', key: objectKey }, part.path);
  const isMoved = await transact(ctx.db, async (tx) => {
    const moved = await moveOffset(tx, { uploadId, holder, startBytes, endBytes: startBytes + part.sizeBytes });
    if (moved) await markPartStored(tx, objectKey);
    return moved;
  });
  if (!isMoved) refuse('UPLOAD_HELD', { retryAfterSeconds: '1' });
}
