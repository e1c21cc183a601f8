import sharp from 'sharp';
import type { AnalysedFace, ImageAnalysis } from '../analysis/analyse-image.ts';
import type { Point } from '../pixels/rgb-image.ts';

/** How near the middles of two boxes lie that are of one face, as a share of its longer side. */
const samePlace = 0.35;

/** A photo as a camera stores it that was held so and wrote no orientation, for tests and benchmarks; at most `longEdgePx` before it is turned. */
export async function turnPhoto(photo: Buffer, deg: number, longEdgePx: number): Promise<Buffer> {
  const fitted = await sharp(photo)
    .resize(longEdgePx, longEdgePx, { fit: 'inside', withoutEnlargement: true })
    .toBuffer();
  return sharp(fitted).rotate(deg, { background: '#808080' }).jpeg({ quality: 92 }).toBuffer();
}

/** Which face of a turned photo is which of the upright one; `extra` are those of the turned one that are none, or one twice. */
export function pairTurned(upright: ImageAnalysis, turned: ImageAnalysis, deg: number) {
  const angle = (deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const widthTurned = upright.width * Math.abs(cos) + upright.height * Math.abs(sin);
  const scale = turned.width / widthTurned;
  const left = new Set(turned.faces);
  const pairs: { upright: AnalysedFace; turned: AnalysedFace }[] = [];
  for (const face of upright.faces) {
    const middle = middleOf(face);
    const [dx, dy] = [middle.x - upright.width / 2, middle.y - upright.height / 2];
    const place = {
      x: turned.width / 2 + (dx * cos - dy * sin) * scale,
      y: turned.height / 2 + (dx * sin + dy * cos) * scale,
    };
    const away = (other: AnalysedFace) => Math.hypot(middleOf(other).x - place.x, middleOf(other).y - place.y);
    const [nearest] = [...left].toSorted((a, b) => away(a) - away(b));
    const reach = samePlace * Math.max(face.box.width, face.box.height) * scale;
    if (nearest === undefined || away(nearest) > reach) continue;
    left.delete(nearest);
    pairs.push({ upright: face, turned: nearest });
  }
  return { pairs, extra: left.size };
}

function middleOf({ box }: AnalysedFace): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
