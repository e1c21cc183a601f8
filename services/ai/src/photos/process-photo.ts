import { createClient } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import { imageFaultOf } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { facesOf } from '../faces/face.ts';
import { findRecognition } from '../faces/face-store.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { tellRecognition } from '../matching/tell-photo.ts';
import { drawFaceBoxes } from './draw-face-boxes.ts';
import { lookAtPreview } from './look-at-preview.ts';

export interface ProcessPhoto {
  readonly photoId: string;
  readonly creatorId: string;
  readonly eventId: string | null;
  readonly compressedKey: string;
  readonly processedKey: string;
  /** Where the picture with the watermark is that everybody sees. */
  readonly previewKey?: string | undefined;
  readonly uploadedAt?: Date | null;
}

/**
 * Finds, stores and searches the faces of a photo and tells photo who is in it. May run again after any step: it makes the faces once, and repeats
 * the search and the telling. Of a photo that is deleted meanwhile nothing stays. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, IMAGE_QUARANTINED,
 * PHOTO_NOT_FOUND, AI_BUSY.
 */
export async function processPhoto(
  ctx: AiContext,
  input: ProcessPhoto,
  signal: AbortSignal,
): Promise<{ faceCount: number; matchCount: number }> {
  noteThing('photo', input.photoId);
  if (!(await isRecognised(ctx, input.photoId))) await recognise(ctx, input, signal);
  // The faces are committed: a member who enrols from here on finds them, and this search finds all who enrolled before.
  await matchPhoto(ctx.db, input.photoId, ctx.clock.now());
  return tellRecognition(ctx, input.photoId);
}

async function isRecognised(ctx: AiContext, photoId: string): Promise<boolean> {
  const known = await findRecognition(ctx.db, photoId, ctx.packs.currentId);
  return known !== undefined && ctx.objects.exists({ bucket: 'previews', key: known.processedKey });
}

async function recognise(ctx: AiContext, input: ProcessPhoto, signal: AbortSignal): Promise<void> {
  const { compressedKey, previewKey, ...photo } = input;
  const packIds = ctx.packs.ids();
  const analyses = await ctx.analyser
    .run(
      { line: 'photos', whose: photo.creatorId, thing: `photo/${photo.photoId}`, signal },
      async (analyse, _, cutLumas) => {
        const file = await ctx.objects.read({ bucket: 'originals', key: compressedKey });
        const found: { analysis: ImageAnalysis; previews: Uint8Array[] }[] = [];
        for (const packId of packIds) {
          const analysis = await analyse(file, packId);
          found.push({ analysis, previews: await lookAtPreview(ctx, cutLumas, { previewKey, analysis }) });
        }
        const boxes = found[0]?.analysis.faces.map(({ box }) => box) ?? [];
        await ctx.objects.write({ bucket: 'previews', key: photo.processedKey }, await drawFaceBoxes(file, boxes));
        return found;
      },
    )
    .catch((error: unknown) => giveUp(ctx, photo.photoId, error));
  // The pack that counts comes last: where its faces stand, the photo is done.
  for (const [i, packId] of [...packIds.entries()].reverse()) {
    const seen = analyses[i];
    if (seen === undefined) continue;
    const faces = facesOf(seen.analysis, seen.previews, ctx.turning);
    if (await storeFaces(ctx.db, { ...photo, packId }, faces, ctx.clock.now())) continue;
    // Should this process die before, upload deletes it later.
    await ctx.objects.delete({ bucket: 'previews', key: photo.processedKey });
    refuse('PHOTO_NOT_FOUND');
  }
}

/** An image that cannot be looked at ends the photo's recognition; after any other error the caller comes again. */
async function giveUp(ctx: AiContext, photoId: string, error: unknown): Promise<never> {
  const reason = imageFaultOf(error);
  if (reason === undefined) throw error;
  ctx.log.warn({ err: error, photoId, reason }, 'a photo cannot be recognised');
  await createClient(MatchService, ctx.peers('photo')).failRecognition({ photoId, reason });
  return refuse(reason);
}
