import type { UploadContext } from '../context.ts';
import { renderOrRefuse } from '../images/judge-image.ts';

const sideMax = 1600;
const quality = 90;
const secondsMax = 30;

/** An upright sRGB JPEG without metadata, no side longer than 1600 pixels. Refuses what is no whole picture by name. */
export async function normaliseSelfie(
  {
    config,
    decodeMemory,
  }: Pick<UploadContext, 'decodeMemory'> & { readonly config: Pick<UploadContext['config'], 'SELFIE_PIXELS_MAX'> },
  file: string,
): Promise<Buffer> {
  const limits = { pixelsMax: config.SELFIE_PIXELS_MAX, secondsMax, memory: decodeMemory };
  const { result } = await renderOrRefuse(file, limits, (pixels) =>
    pixels.resize(sideMax, sideMax, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality }).toBuffer(),
  );
  return result;
}
