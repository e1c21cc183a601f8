import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter } from '@connectrpc/connect';
import { ArchiveService } from '@kilas/contracts/gen/kilas/upload/v1/archive_service_pb.js';
import { readMessage } from '@kilas/messages/read-message.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { archivePhotosMax } from './archive.ts';
import { createArchive } from './create-archive.ts';

const nameLengthMax = 500;

const original = z.object({ photoId: z.guid(), fileName: z.string().min(1).max(nameLengthMax), capturedAt: z.date() });
const archive = z.object({
  fileName: z.string().min(1).max(nameLengthMax),
  originals: z
    .array(original)
    .min(1)
    .max(archivePhotosMax)
    .refine((originals) => new Set(originals.map(({ photoId }) => photoId)).size === originals.length),
});

export function registerArchiveRpc(router: ConnectRouter, ctx: UploadContext): void {
  registerRpc(
    router,
    ArchiveService,
    { createArchive: ['transaction'] },
    {
      async createArchive({ fileName, originals }) {
        const named = originals.map(({ capturedAt, ...rest }) => ({
          ...rest,
          capturedAt: capturedAt && timestampDate(capturedAt),
        }));
        const { url, expiresAt, sizeBytes } = await createArchive(
          ctx,
          readMessage(archive, { fileName, originals: named }),
        );
        return { url, expiresAt: timestampFromDate(expiresAt), sizeBytes: BigInt(sizeBytes) };
      },
    },
  );
}
