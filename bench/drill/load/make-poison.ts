import sharp from 'sharp';

const size = { width: 640, height: 480 };
const cornerPx = 48;

/** A picture of which an engine dies that was started with `poison.ts`: its upper left corner is of this colour. */
export async function makePoison(colour = '#ff00ff'): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 120, sigma: 12 } as const;
  const corner = sharp({ create: { width: cornerPx, height: cornerPx, channels: 3, background: colour } });
  return sharp({ create: { ...size, channels: 3, background: '#000', noise } })
    .composite([{ input: await corner.png().toBuffer(), left: 0, top: 0 }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
