import type { ConnectRouter } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { readMessage } from '@kilas/messages/read-message.ts';
import { keyPattern } from '@kilas/platform/objects/objects.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { failRecognition } from './fail-recognition.ts';
import { forgetFacecam } from './forget-facecam.ts';
import { recordMatches } from './record-matches.ts';
import { recordRecognition } from './record-recognition.ts';

/** Matches in one call at most. */
const matchCountMax = 500;

const match = z.object({
  photoId: z.guid(),
  memberId: z.guid(),
  facecamId: z.guid(),
  consentEpoch: z.number().int().min(1),
  distance: z.number().min(0),
  level: z.number().int().min(1).max(9),
  falseMatchRate: z.number().min(0).max(1),
  facecamCount: z
    .number()
    .int()
    .min(0)
    .transform((count) => Math.max(count, 1)),
  isUnsure: z.boolean(),
  packId: z.string().transform((packId) => packId || undefined),
  quality: z
    .object({
      eyeDistancePx: z.number().min(0),
      sharpness: z.number(),
      exposure: z.number(),
      overall: z.number().optional(),
    })
    .optional(),
  box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
});

const matchList = z.array(match).max(matchCountMax);

const recognition = z.object({
  photoId: z.guid(),
  faceCount: z.number().int().min(0),
  processedKey: z.string().regex(keyPattern),
  matches: matchList,
});

const recognitionFailure = z.object({ photoId: z.guid(), reason: z.string().min(1).max(100) });
const facecam = z.object({ memberId: z.guid(), facecamId: z.guid() });

export function registerMatchRpc(router: ConnectRouter, ctx: PhotoContext): void {
  registerRpc(
    router,
    MatchService,
    { recordRecognition: ['ai'], failRecognition: ['ai', 'upload'], recordMatches: ['ai'], forgetFacecam: ['ai'] },
    {
      async recordRecognition(request) {
        await recordRecognition(ctx, readMessage(recognition, request));
        return {};
      },
      async failRecognition(request) {
        const { photoId, reason } = readMessage(recognitionFailure, request);
        await failRecognition(ctx, photoId, reason);
        return {};
      },
      async recordMatches(request) {
        await recordMatches(ctx, readMessage(matchList, request.matches));
        return {};
      },
      async forgetFacecam(request) {
        await forgetFacecam(ctx, readMessage(facecam, request));
        return {};
      },
    },
  );
}
