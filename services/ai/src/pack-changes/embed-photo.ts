import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import { imageFaultOf } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { facesOf } from '../faces/face.ts';
import { findBestRecognition, findRecognition } from '../faces/face-store.ts';
import { storeFacesAgain } from '../faces/store-faces.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { tellRecognition } from '../matching/tell-photo.ts';
import { lookAtPreview } from '../photos/look-at-preview.ts';

/**
 * Looks at a recognised photo with the pack in force, behind all other work, searches, and tells photo. May run again after any
 * step. A photo that is no longer known stays unknown; one of which upload has no image, or a broken one, counts as seen. Refuses
 * with AI_BUSY.
 */
export async function embedPhoto(
  ctx: AiContext,
  {
    photoId,
    compressedKey,
    previewKey,
  }: { photoId: string; compressedKey: string | undefined; previewKey: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  noteThing('photo', photoId);
  const packId = ctx.packs.currentId;
  if ((await findBestRecognition(ctx.db, photoId)) === undefined) return;
  if ((await findRecognition(ctx.db, photoId, packId)) === undefined) {
    const seen = await look(ctx, { photoId, key: compressedKey, previewKey }, signal);
    if (seen === undefined) ctx.log.warn({ photoId }, 'a photo cannot be looked at again: it has no faces any more');
    const faces = seen ? facesOf(seen.analysis, seen.previews, ctx.turning) : [];
    await storeFacesAgain(ctx.db, { photoId, packId }, faces, ctx.clock.now());
  }
  await matchPhoto(ctx.db, photoId, ctx.clock.now());
  if ((await findBestRecognition(ctx.db, photoId)) !== undefined) await tellRecognition(ctx, photoId);
}

async function look(
  ctx: AiContext,
  { photoId, key, previewKey }: { photoId: string; key: string | undefined; previewKey: string | undefined },
  signal: AbortSignal,
): Promise<{ analysis: ImageAnalysis; previews: Uint8Array[] } | undefined> {
  if (key === undefined) return undefined;
  return ctx.analyser
    .run({ line: 'again', whose: photoId, thing: `photo/${photoId}`, signal }, async (analyse, _, cutLumas) => {
      const analysis = await analyse(await ctx.objects.read({ bucket: 'originals', key }));
      return { analysis, previews: await lookAtPreview(ctx, cutLumas, { previewKey, analysis }) };
    })
    .catch((error: unknown) => {
      if (imageFaultOf(error) === undefined) throw error;
      return undefined;
    });
}
