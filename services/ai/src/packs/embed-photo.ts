import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import { imageFaultOf } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { facesOf } from '../faces/face.ts';
import { findBestRecognition, findRecognition } from '../faces/face-store.ts';
import { storeFacesAgain } from '../faces/store-faces.ts';
import type { ImageAnalysis } from '../inference/analyse-image.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { tellRecognition } from '../matching/tell-photo.ts';

/**
 * Looks at a recognised photo with the pack in force, behind all other work, searches, and tells photo. May run again after any
 * step. A photo that is no longer known stays unknown; one of which upload has no image, or a broken one, counts as seen. Refuses
 * with AI_BUSY.
 */
export async function embedPhoto(
  ctx: AiContext,
  { photoId, compressedKey }: { photoId: string; compressedKey: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  noteThing('photo', photoId);
  const packId = ctx.packs.currentId;
  if ((await findBestRecognition(ctx.db, photoId)) === undefined) return;
  if ((await findRecognition(ctx.db, photoId, packId)) === undefined) {
    const analysis = await look(ctx, { photoId, key: compressedKey }, signal);
    if (analysis === undefined)
      ctx.log.warn({ photoId }, 'a photo cannot be looked at again: it has no faces any more');
    await storeFacesAgain(ctx.db, { photoId, packId }, analysis ? facesOf(analysis) : [], ctx.clock.now());
  }
  await matchPhoto(ctx.db, photoId);
  if ((await findBestRecognition(ctx.db, photoId)) !== undefined) await tellRecognition(ctx, photoId);
}

async function look(
  ctx: AiContext,
  { photoId, key }: { photoId: string; key: string | undefined },
  signal: AbortSignal,
): Promise<ImageAnalysis | undefined> {
  if (key === undefined) return undefined;
  return ctx.analyser
    .run({ line: 'again', thing: `photo/${photoId}`, signal }, async (analyse) =>
      analyse(await ctx.objects.read({ bucket: 'originals', key })),
    )
    .catch((error: unknown) => {
      if (imageFaultOf(error) === undefined) throw error;
      return undefined;
    });
}
