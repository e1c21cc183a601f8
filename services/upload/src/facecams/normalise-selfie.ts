import type { UploadContext } from '../context.ts';
import { renderOrRefuse } from '../images/judge-image.ts';

const sideMax = 1600;
/** Of a frame, which is only looked at. */
const frameSideMax = 960;
const quality = 90;
const secondsMax = 30;

type SelfieLimits = Pick<UploadContext, 'decodeMemory'> & {
  readonly config: Pick<UploadContext['config'], 'SELFIE_PIXELS_MAX'>;
};

/** An upright sRGB JPEG without metadata, no side longer than 1600 pixels. Refuses what is no whole picture by name. */
export function normaliseSelfie(limits: SelfieLimits, file: string): Promise<Buffer> {
  return normalise(limits, file, sideMax);
}

/** The same with no side longer than 960 pixels: some 200 KB. */
export function normaliseFrame(limits: SelfieLimits, file: string): Promise<Buffer> {
  return normalise(limits, file, frameSideMax);
}

async function normalise({ config, decodeMemory }: SelfieLimits, file: string, side: number): Promise<Buffer> {
  const limits = { pixelsMax: config.SELFIE_PIXELS_MAX, secondsMax, memory: decodeMemory };
  const { result } = await renderOrRefuse(file, limits, (pixels) =>
    pixels.resize(side, side, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality }).toBuffer(),
  );
  return result;
}
