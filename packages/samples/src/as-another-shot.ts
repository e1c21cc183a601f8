import sharp from 'sharp';

/** Waves across the width: neighbouring features of a face move in different directions. */
const waves = 2.6;

/**
 * A picture bent as no lens bends it, a JPEG: its eyes, nose and mouth lie a little elsewhere, as in another shot of the same person, who stays the
 * same to a face engine. For the demo and tests, which have one shot of a person alone. Points move by up to `reach`, a share of the width.
 */
export async function asAnotherShot(picture: Buffer, reach: number): Promise<Buffer> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const bent = Buffer.alloc(data.length);
  const [reachPx, wave] = [reach * width, (2 * Math.PI * waves) / width];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = inside(x + reachPx * Math.sin(wave * y + 0.7) * Math.cos(wave * 0.6 * x), width);
      const fromY = inside(y + reachPx * Math.sin(wave * x + 2.1) * Math.cos(wave * 0.6 * y), height);
      for (let c = 0; c < channels; c++) {
        bent[(y * width + x) * channels + c] = between(data, { width, channels, c }, fromX, fromY);
      }
    }
  }
  return sharp(bent, { raw: { width, height, channels } }).jpeg({ quality: 88 }).toBuffer();
}

function inside(value: number, size: number): number {
  return Math.min(Math.max(value, 0), size - 1.001);
}

function between(
  data: Buffer,
  { width, channels, c }: { width: number; channels: number; c: number },
  x: number,
  y: number,
): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [east, south] = [x - left, y - top];
  const at = (column: number, row: number) => data[(row * width + column) * channels + c] ?? 0;
  const upper = at(left, top) * (1 - east) + at(left + 1, top) * east;
  const lower = at(left, top + 1) * (1 - east) + at(left + 1, top + 1) * east;
  return Math.round(upper * (1 - south) + lower * south);
}
