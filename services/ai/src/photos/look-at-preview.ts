import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { ObjectMissing } from '@kilas/platform/objects/objects.ts';
import type { CutLumas } from '../analysis/analyser.ts';
import { imageFaultOf } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';

/**
 * The faces of a photo as everybody sees them, under the watermark: a crop of a preview resembles those more than the photo's own. None where
 * there is no preview that can be looked at.
 */
export async function lookAtPreview(
  ctx: Pick<AiContext, 'objects'>,
  cutLumas: CutLumas,
  { previewKey, analysis }: { previewKey: string | undefined; analysis: ImageAnalysis },
): Promise<Uint8Array[]> {
  if (previewKey === undefined || analysis.faces.length === 0) return [];
  const preview = await ctx.objects.read({ bucket: 'previews', key: previewKey }).catch((error: unknown) => {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  });
  if (preview === undefined) return [];
  return cutLumas(preview, analysis).catch((error: unknown) => {
    // The photo itself was read: a preview that cannot be costs it nothing.
    if (imageFaultOf(error) === undefined) throw error;
    return [];
  });
}
