import sharp, { type Sharp } from 'sharp';
import { expect } from 'vitest';
import { DecodeMemory } from '../decode-memory.ts';
import { renderPicture } from '../render-picture.ts';

export const chartSize = { width: 300, height: 200 } as const;
/** In sRGB: above on the left and on the right, below on the left and on the right. */
export const chartColours = [
  [200, 30, 30],
  [30, 170, 60],
  [30, 60, 200],
  [230, 200, 30],
] as const;

const places = [
  [60, 40],
  [240, 40],
  [60, 160],
  [240, 160],
] as const;

export type Colour = readonly [number, number, number];

/** Four fields of these colours, as numbers of which no profile says anything. */
export function drawFields(
  colours: readonly Colour[] = chartColours,
  size: { width: number; height: number } = chartSize,
): Buffer {
  const pixels = Buffer.alloc(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const field = (y * 2 < size.height ? 0 : 2) + (x * 2 < size.width ? 0 : 1);
      pixels.set(colours[field] ?? [0, 0, 0], (y * size.width + x) * 3);
    }
  }
  return pixels;
}

export function openFields(colours?: readonly Colour[], size: { width: number; height: number } = chartSize): Sharp {
  return sharp(drawFields(colours, size), { raw: { ...size, channels: 3 } });
}

export const limits = { pixelsMax: 1_000_000, secondsMax: 30, memory: new DecodeMemory(100_000_000) } as const;

export async function render(file: string | Buffer) {
  const { result } = await renderPicture(file, limits, (pixels) =>
    pixels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  return { data: result.data, ...result.info };
}

/** Fails unless the picture is the chart, or its fields have other colours, as near as `tolerance`. */
export async function expectChart(
  file: string | Buffer,
  tolerance: number,
  colours: readonly Colour[] = chartColours,
): Promise<void> {
  const { data, width, height, channels } = await render(file);
  expect({ width, height, channels }).toEqual({ ...chartSize, channels: 3 });
  for (const [index, [x, y]] of places.entries()) {
    const got = [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    const away = Math.max(...got.map((value, channel) => Math.abs(value - (colours[index]?.[channel] ?? 0))));
    expect(away, `at ${x}, ${y}: ${got} for ${colours[index]}`).toBeLessThanOrEqual(tolerance);
  }
}

/** The same light in the numbers of Adobe RGB (1998), by the definitions of both (IEC 61966-2-1; Adobe RGB (1998), 4.3). */
export function toAdobeRgb(colour: Colour): Colour {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const linear = [0.715117 * r + 0.284883 * g, g, 0.041169 * g + 0.958831 * b] as const;
  return linear.map((part) => Math.round(255 * part ** (256 / 563))) as unknown as Colour;
}
