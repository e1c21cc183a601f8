import { planScales, planTiles } from '@kilas/face-engine/detection/plan-views.ts';
import { MOBILEFACENET_MANIFEST } from '@kilas/face-engine/packs/built-in-packs.ts';
import { ssdView } from '@kilas/face-engine/packs/ssd-detector.ts';
import type { Box } from '@kilas/face-engine/pixels/rgb-image.ts';
import sharp, { type OverlayOptions } from 'sharp';

export const SCENE = { width: 6000, height: 4000 } as const;

/** A photo and where its faces are, in its pixels. */
export interface Portraits {
  readonly file: Buffer;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
}

export interface Scene {
  /** As a camera writes it. */
  readonly file: Buffer;
  readonly pasted: readonly { readonly box: Box; readonly facePx: number }[];
  /** Faces of the background itself: neither asked for nor false. */
  readonly own: readonly Box[];
}

/** Room around a face that is pasted with it, as a share of its longer side; it fades out into the background. */
const SURROUND = 0.7;
const TRIES_MAX = 2000;

/**
 * A photo of 24 megapixels into which faces of these sizes (longer side of the box) are pasted: a third anywhere, a third on
 * the seams of the tiles that the detector looks at, a third at the border. The background is one photo enlarged, or nine side by side
 * in their own resolution.
 */
export async function makeScene(
  samples: readonly Portraits[],
  sizesPx: readonly number[],
  random: () => number,
  background: 'one' | 'nine',
): Promise<Scene> {
  const { image, own } = background === 'one' ? await enlarge(samples, random) : await placeNine(samples, random);
  const pasted: { box: Box; facePx: number }[] = [];
  const layers: OverlayOptions[] = [];
  for (const [i, facePx] of sizesPx.entries()) {
    const portrait = pick(samples, random);
    const face = pick(portrait.boxes, random);
    const scale = facePx / Math.max(face.width, face.height);
    const size = { width: face.width * scale, height: face.height * scale };
    const spot = findSpot(
      size,
      facePx,
      ['anywhere', 'seam', 'border'][i % 3] ?? 'anywhere',
      [...own, ...pasted.map(({ box }) => box)],
      random,
    );
    if (!spot) continue;
    const layer = await cutOut(portrait, face, scale);
    layers.push({
      input: layer.pixels,
      left: Math.round(spot.x - layer.room.x),
      top: Math.round(spot.y - layer.room.y),
    });
    pasted.push({
      box: {
        ...size,
        x: Math.round(spot.x - layer.room.x) + layer.room.x,
        y: Math.round(spot.y - layer.room.y) + layer.room.y,
      },
      facePx,
    });
  }
  const file = await sharp(await composite(image, layers))
    .jpeg({ quality: 92 })
    .toBuffer();
  return { file, pasted, own };
}

async function composite(image: Buffer, layers: readonly OverlayOptions[]): Promise<Buffer> {
  // Layers may reach over the border: the picture is laid on a larger one and cropped again.
  const edge = 200;
  const wide = await sharp(image)
    .extend({ top: edge, bottom: edge, left: edge, right: edge, background: 'black' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const moved = layers.map((layer) => ({ ...layer, left: (layer.left ?? 0) + edge, top: (layer.top ?? 0) + edge }));
  const laid = await sharp(wide).composite(moved).png({ compressionLevel: 0 }).toBuffer();
  return sharp(laid)
    .extract({ left: edge, top: edge, ...SCENE })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

async function enlarge(samples: readonly Portraits[], random: () => number) {
  const photo = pick(samples, random);
  const scale = Math.max(SCENE.width / photo.width, SCENE.height / photo.height);
  const left = Math.floor((photo.width * scale - SCENE.width) / 2);
  const top = Math.floor((photo.height * scale - SCENE.height) / 2);
  const image = await sharp(photo.file)
    .resize(Math.ceil(photo.width * scale), Math.ceil(photo.height * scale), { fit: 'fill', kernel: 'lanczos3' })
    .extract({ left, top, ...SCENE })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const own = photo.boxes.map((box) => ({
    x: box.x * scale - left,
    y: box.y * scale - top,
    width: box.width * scale,
    height: box.height * scale,
  }));
  return { image, own };
}

async function placeNine(samples: readonly Portraits[], random: () => number) {
  const cell = { width: SCENE.width / 3, height: Math.ceil(SCENE.height / 3) };
  const layers: OverlayOptions[] = [];
  const own: Box[] = [];
  for (let i = 0; i < 9; i++) {
    const photo = pick(samples, random);
    const [left, top] = [(i % 3) * cell.width, Math.floor(i / 3) * cell.height];
    const scale = Math.max(cell.width / photo.width, cell.height / photo.height);
    const input = await sharp(photo.file)
      .resize(cell.width, cell.height, { fit: 'cover', position: 'left top' })
      .png({ compressionLevel: 0 })
      .toBuffer();
    layers.push({ input, left, top });
    for (const box of photo.boxes) {
      own.push({
        x: left + box.x * scale,
        y: top + box.y * scale,
        width: box.width * scale,
        height: box.height * scale,
      });
    }
  }
  const canvas = { width: SCENE.width, height: cell.height * 3, channels: 3 as const, background: 'black' };
  const laid = await sharp({ create: canvas }).composite(layers).png({ compressionLevel: 0 }).toBuffer();
  const image = await sharp(laid)
    .extract({ left: 0, top: 0, ...SCENE })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return { image, own };
}

/** The face with some room, fading out at the rim; `room` is where its box lies on it. */
async function cutOut(portrait: Portraits, face: Box, scale: number) {
  const roomPx = Math.max(face.width, face.height) * SURROUND;
  const left = Math.max(Math.round(face.x - roomPx), 0);
  const top = Math.max(Math.round(face.y - roomPx), 0);
  const right = Math.min(Math.round(face.x + face.width + roomPx), portrait.width);
  const bottom = Math.min(Math.round(face.y + face.height + roomPx), portrait.height);
  const width = Math.max(Math.round((right - left) * scale), 1);
  const height = Math.max(Math.round((bottom - top) * scale), 1);
  const mask = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="g">` +
      '<stop offset="0.82" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>' +
      `<ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2}" ry="${height / 2}" fill="url(#g)"/></svg>`,
  );
  const pixels = await sharp(
    await sharp(portrait.file)
      .extract({ left, top, width: right - left, height: bottom - top })
      .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
      .png()
      .toBuffer(),
  )
    .ensureAlpha()
    .composite([{ input: mask, blend: 'dest-in' }])
    .png()
    .toBuffer();
  return { pixels, room: { x: (face.x - left) * scale, y: (face.y - top) * scale } };
}

function findSpot(
  size: { width: number; height: number },
  facePx: number,
  where: string,
  taken: readonly Box[],
  random: () => number,
): { x: number; y: number } | undefined {
  const clearPx = facePx * SURROUND + 8;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const spot =
      where === 'seam' ? onSeam(size, random) : where === 'border' ? atBorder(size, random) : anywhere(size, random);
    const isFree = taken.every(
      (box) =>
        spot.x + size.width + clearPx < box.x ||
        spot.y + size.height + clearPx < box.y ||
        spot.x > box.x + box.width + clearPx ||
        spot.y > box.y + box.height + clearPx,
    );
    if (isFree) return spot;
  }
  return undefined;
}

function anywhere({ width, height }: { width: number; height: number }, random: () => number) {
  return { x: random() * (SCENE.width - width), y: random() * (SCENE.height - height) };
}

/** Whole, but touching one of the four sides. */
function atBorder(size: { width: number; height: number }, random: () => number) {
  const { x, y } = anywhere(size, random);
  const far = { x: SCENE.width - size.width, y: SCENE.height - size.height };
  return (
    [
      { x: 0, y },
      { x: far.x, y },
      { x, y: 0 },
      { x, y: far.y },
    ][Math.floor(random() * 4)] ?? { x, y }
  );
}

/** Across the edge of a tile. */
function onSeam(size: { width: number; height: number }, random: () => number) {
  const { inputPx, faceMinPx } = MOBILEFACENET_MANIFEST.detector;
  const detector = { viewPx: inputPx, faceMinPx, ...ssdView };
  const tile = pick(
    planScales(SCENE, detector).flatMap((scale) => planTiles(SCENE, scale, detector)),
    random,
  );
  const spot = anywhere(size, random);
  const isUpright = random() < 0.5;
  const edge = (start: number, length: number) => (start + (random() < 0.5 ? 0 : length)) / tile.scale;
  const x = isUpright ? edge(tile.x, tile.width) - size.width * random() : spot.x;
  const y = isUpright ? spot.y : edge(tile.y, tile.height) - size.height * random();
  return {
    x: Math.min(Math.max(x, 0), SCENE.width - size.width),
    y: Math.min(Math.max(y, 0), SCENE.height - size.height),
  };
}

function pick<Item>(list: readonly Item[], random: () => number): Item {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
