import type { ConnectRouter } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { readMessage } from '@kilas/messages/read-message.ts';
import { keyPattern } from '@kilas/platform/objects/objects.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { cutLine } from '@kilas/platform/values/text.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { checkEvent } from './check-event.ts';
import { failPhoto } from './fail-photo.ts';
import { publishPhoto } from './publish-photo.ts';
import { readPhoto } from './read-photo.ts';
import { registerPhoto } from './register-photo.ts';

const cameraLengthMax = 200;
const key = z.string().regex(keyPattern);
const pixels = z.number().int().min(1);
const thumbhashBytesMax = 25;

const registration = z.object({
  photoId: z.guid(),
  creatorId: z.guid(),
  eventId: z
    .guid()
    .optional()
    .transform((id) => id ?? null),
  title: z.string().max(200),
  description: z.string().max(2_000),
  // Its range has a refusal of its own.
  priceIdr: z.bigint(),
  sale: z.enum(['shared', 'exclusive']),
  place: z
    .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional()
    .transform((place) => place ?? null),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.bigint().min(1n),
  format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']),
  originalKey: key,
  timeZone: z
    .string()
    .max(64)
    .optional()
    .transform((zone) => zone || null),
});

const publication = z.object({
  photoId: z.guid(),
  width: pixels,
  height: pixels,
  previewKey: key,
  thumbnailKey: key,
  previewSmallKey: key.optional(),
  thumbnailSmallKey: key.optional(),
  thumbhash: z
    .instanceof(Uint8Array)
    .refine((bytes) => bytes.length <= thumbhashBytesMax)
    .optional(),
  capturedLocal: z.string().optional(),
  capturedOffset: z.string().optional(),
  capturedFrom: z
    .string()
    .regex(/^[a-z]{1,16}:[\w:]{1,64}$/)
    .optional()
    .catch(undefined),
  // From the file, where anything may stand.
  camera: z
    .string()
    .transform((name) => cutLine(name, cameraLengthMax))
    .optional(),
});

const failure = z.object({ photoId: z.guid(), reason: z.string().min(1).max(100) });

const eventOfCreator = z.object({ eventId: z.guid(), creatorId: z.guid() });

const ownPhoto = z.object({ photoId: z.guid(), creatorId: z.guid() });

export function registerPhotoRpc(router: ConnectRouter, ctx: PhotoContext): void {
  registerRpc(
    router,
    PhotoService,
    {
      checkEvent: ['upload'],
      registerPhoto: ['upload'],
      publishPhoto: ['upload'],
      failPhoto: ['upload'],
      readPhoto: ['upload'],
    },
    {
      async checkEvent(request) {
        await checkEvent(ctx, readMessage(eventOfCreator, request));
        return {};
      },
      async registerPhoto(request) {
        await registerPhoto(ctx, readMessage(registration, request));
        return {};
      },
      async publishPhoto(request) {
        await publishPhoto(ctx, readMessage(publication, request));
        return {};
      },
      async failPhoto(request) {
        const { photoId, reason } = readMessage(failure, request);
        await failPhoto(ctx, photoId, reason);
        return {};
      },
      readPhoto: (request) => readPhoto(ctx, readMessage(ownPhoto, request)),
    },
  );
}
