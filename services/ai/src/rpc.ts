import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { captureSteps } from '@kilas/face-engine/selfies/judge-capture.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { keyPattern } from '@kilas/platform/objects/objects.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { z } from 'zod';
import type { AiContext } from './context.ts';
import { enrolFacecam } from './facecams/enrol-facecam.ts';
import { frameSizeMaxBytes, framesPerStepMax, selfieSizeMaxBytes } from './facecams/facecam.ts';
import { forgetFacecam } from './facecams/forget-facecam.ts';
import { inspectFacecam } from './facecams/inspect-facecam.ts';
import { processPhoto } from './photos/process-photo.ts';
import type { RunningCalls } from './running-calls.ts';

const id = z.guid();
const key = z.string().regex(keyPattern);
const image = z.instanceof(Uint8Array).refine(({ length }) => length > 0);
const inspection = z
  .object({
    memberId: id,
    image,
    steps: z.array(z.enum(captureSteps)).max(captureSteps.length),
    frames: z.array(image).max(captureSteps.length * framesPerStepMax),
  })
  .refine(({ steps, frames }) =>
    Array.from({ length: framesPerStepMax }, (_, i) => (i + 1) * steps.length).includes(frames.length),
  );
const facecam = z.object({ memberId: id, facecamId: id });
const enrolment = facecam.extend({
  consentEpoch: z.number().int().min(1),
  selfieKey: key,
  packId: z.string().transform((packId) => packId || undefined),
  provenLive: z.boolean(),
});
const photo = z.object({
  photoId: id,
  creatorId: id,
  eventId: id.optional().transform((eventId) => eventId ?? null),
  compressedKey: key,
  processedKey: key,
  previewKey: key.optional(),
  uploadedAt: z
    .custom<Timestamp>()
    .optional()
    .transform((at) => (at === undefined ? null : timestampDate(at))),
});

export function registerFaceRpc(router: ConnectRouter, ctx: AiContext, calls: RunningCalls): void {
  const callers = ['upload'];
  registerRpc(
    router,
    FaceService,
    { inspectFacecam: callers, enrolFacecam: callers, forgetFacecam: callers, processPhoto: callers },
    {
      inspectFacecam: (request, { signal }) =>
        calls.run(async () => {
          const input = accept(inspection, request);
          const isTooLarge = input.frames.some(({ length }) => length > frameSizeMaxBytes);
          if (isTooLarge || input.image.length > selfieSizeMaxBytes) refuse('BODY_TOO_LARGE');
          return inspectFacecam(ctx, input, signal);
        }),
      enrolFacecam: (request, { signal }) => calls.run(() => enrolFacecam(ctx, accept(enrolment, request), signal)),
      forgetFacecam: (request) =>
        calls.run(async () => {
          await forgetFacecam(ctx, accept(facecam, request));
          return {};
        }),
      processPhoto: (request, { signal }) => calls.run(() => processPhoto(ctx, accept(photo, request), signal)),
    },
  );
}

function accept<Schema extends z.ZodType>(schema: Schema, request: unknown): z.output<Schema> {
  const result = schema.safeParse(request);
  return result.success ? result.data : refuse('REQUEST_INVALID');
}
