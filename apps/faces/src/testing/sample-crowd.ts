import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Box } from '@kilas/face-engine/pixels/rgb-image.ts';
import { readSample, sampleFaceCounts } from '@kilas/face-engine/testing/test-samples.ts';
import sharp from 'sharp';
import { lookAt } from '../trial/look-at.ts';
import { openTrial } from '../trial/open-trial.ts';

/** What is around a face: nobody else's comes into the picture, and it may be turned. */
const aroundFace = 1.7;

/** How one face was taken differently each time: its size in the picture, the light, the angle, the blur, the compression. */
const shots = [
  { sidePx: 300, brightness: 1, degrees: 0, blur: 0, quality: 90 },
  { sidePx: 160, brightness: 1.1, degrees: 0, blur: 0, quality: 80 },
  { sidePx: 240, brightness: 0.75, degrees: 8, blur: 0, quality: 70 },
  { sidePx: 200, brightness: 1.2, degrees: -8, blur: 0, quality: 60 },
  { sidePx: 260, brightness: 0.9, degrees: -4, blur: 1, quality: 70 },
] as const;

/**
 * A crowd made of the faces in the six sample photos, each as one person who was taken five times. Far fewer people than a pack is measured
 * on, and far easier ones: what cannot tell these apart can tell nobody apart.
 */
export async function makeSampleCrowd(folder: string, stop: AbortSignal): Promise<void> {
  const people: Record<string, { photos: string[] }> = {};
  const groups: string[] = [];
  await mkdir(path.join(folder, 'groups'), { recursive: true });
  const trial = await openTrial();
  try {
    for (const number of sampleFaceCounts.keys()) {
      const photo = await readSample(number + 1);
      const group = `${number}.jpg`;
      groups.push(group);
      const file = path.join(folder, 'groups', group);
      await writeFile(file, photo);
      const { faces } = await lookAt(trial, file, stop);
      for (const [i, { box }] of faces.entries()) {
        const name = `photo ${number} face ${i}`;
        people[name] = { photos: await takeShots(photo, box, path.join(folder, 'people', name)) };
      }
    }
  } finally {
    await trial.close();
  }
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ people, groups }));
}

async function takeShots(photo: Buffer, box: Box, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const { width, height } = await sharp(photo).metadata();
  const side = Math.round(Math.max(box.width, box.height) * aroundFace);
  const left = Math.round(Math.max(box.x + (box.width - side) / 2, 0));
  const top = Math.round(Math.max(box.y + (box.height - side) / 2, 0));
  const size = { width: Math.min(side, width - left), height: Math.min(side, height - top) };
  const cut = await sharp(photo)
    .extract({ left, top, ...size })
    .toBuffer();
  const names: string[] = [];
  for (const [i, { sidePx, brightness, degrees, blur, quality }] of shots.entries()) {
    const small = sharp(await sharp(cut).resize(sidePx).toBuffer()).rotate(degrees, { background: 'grey' });
    const shot = (blur > 0 ? small.blur(blur) : small).modulate({ brightness });
    await writeFile(path.join(folder, `${i}.jpg`), await shot.jpeg({ quality }).toBuffer());
    names.push(`${i}.jpg`);
  }
  return names;
}
