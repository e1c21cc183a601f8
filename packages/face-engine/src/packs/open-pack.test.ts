import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFaceEngine } from '../face-engine.ts';
import { buildTinyEmbedder, writeTinyPack } from '../testing/tiny-pack.ts';
import { openPack } from './open-pack.ts';

let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-open-pack-'));
});

afterAll(() => rm(dir, { recursive: true }));

const placeOf = (id: string) => ({ id, folder: path.join(dir, id), isBuiltIn: false });

test('a pack that an operator brings finds, aligns, measures and embeds the faces of a picture', async () => {
  // Grey, which lies around a picture, is half blue to this detector: only blue itself is a face.
  await writeTinyPack(dir, 'tiny', {
    change: (manifest) => ({ ...manifest, detector: { ...manifest.detector, scoreMin: 0.85 } }),
  });
  const engine = await openFaceEngine({ pack: placeOf('tiny'), threads: 1 });
  try {
    const blue = { create: { width: 16, height: 16, channels: 3, background: '#0000ff' } } as const;
    const picture = await sharp({ create: { width: 128, height: 128, channels: 3, background: '#000000' } })
      .composite([{ input: await sharp(blue).png().toBuffer(), left: 56, top: 56 }])
      .png()
      .toBuffer();
    const { faces } = await engine.analyse(picture);
    expect(faces).toHaveLength(1);
    const [face] = faces;
    expect(face?.landmarks.points).toHaveLength(5);
    expect(face?.embedding).toHaveLength(8);
    // The mean colour of the aligned face, made one long: blue, and neither red nor green.
    expect([...(face?.embedding ?? [])].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([
      0, 0, 1, 0, 0, 0, 0, 0,
    ]);
    const { box } = face ?? {};
    const middle = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
    expect(Math.hypot(middle.x - 64, middle.y - 64)).toBeLessThan(10);
    for (const value of Object.values(face?.quality ?? {})) expect(value).toEqual(expect.any(Number));
    expect(Object.values(face?.quality ?? {}).every(Number.isFinite)).toBe(true);
    expect(engine.packId).toBe('tiny');
  } finally {
    await engine.close();
  }
});

test('a pack whose network gives something else than its manifest says does not open', async () => {
  const embedder = buildTinyEmbedder(Array.from({ length: 36 }, (_, i) => i));
  await writeTinyPack(dir, 'longer', { embedder });
  await expect(openPack(placeOf('longer'), 1)).rejects.toThrow('holds 24 values, expected 16');
});
