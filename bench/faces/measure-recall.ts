import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { DEFAULT_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { builtInPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { type Box, overlapOf } from '@kilas/face-engine/pixels/rgb-image.ts';
import { DecodeMemory } from '@kilas/pictures/decode-memory.ts';
import { FileObjects, newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { buckets } from '@kilas/storage/buckets.ts';
import { makeCompressed } from '@kilas/upload/derivatives/make-compressed.ts';
import { round } from '../numbers.ts';
import { seededRandom } from '../random.ts';
import { makeScene, type Portraits, type Scene } from './make-scene.ts';
import { readSamples } from './samples.ts';

export const SIZES_PX = [16, 24, 32, 48, 64, 96] as const;
const FACES_PER_SCENE = 30;
/** Overlap (intersection over union) from which a detection is of a face. */
const FOUND_OVERLAP = 0.3;

/** Finds pasted faces in photos of 24 megapixels, from the uploaded file on. */
export async function measureRecall(
  graphsDir: string,
  threads: number,
  options: { faces: number; seed: number },
  say: (line: string) => void,
) {
  const engine = await openFaceEngine({ pack: builtInPlace(graphsDir, DEFAULT_PACK_ID), threads });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-bench-faces-'));
  const objects = new FileObjects({ buckets, folder, signingKey: 'k'.repeat(32), publicUrl: 'http://kilas.test' });
  await objects.prepare();
  const random = seededRandom(options.seed);
  const counts = new Map<number, { pasted: number; found: number }>(
    SIZES_PX.map((px) => [px, { pasted: 0, found: 0 }]),
  );
  let [scenes, falseCount, misplacedCount, passes, ownCount, ownFound] = [0, 0, 0, 0, 0, 0];
  try {
    const samples: Portraits[] = [];
    for (const file of await readSamples()) {
      const { width, height, faces } = await engine.analyse(file);
      samples.push({ file, width, height, boxes: faces.map(({ box }) => box) });
    }
    const isDone = () => [...counts.values()].every(({ pasted }) => pasted >= options.faces);
    while (!isDone()) {
      const wanted = SIZES_PX.filter((px) => (counts.get(px)?.pasted ?? 0) < options.faces);
      const sizes = Array.from({ length: FACES_PER_SCENE }, () => wanted[Math.floor(random() * wanted.length)] ?? 64);
      const scene = await makeScene(samples, sizes, random, scenes % 2 === 0 ? 'one' : 'nine');
      const original = path.join(folder, 'original.jpg');
      await writeFile(original, scene.file);
      const decodeMemory = new DecodeMemory(1_300_000_000);
      const ctx = { objects, decodeMemory, config: { PHOTO_PIXELS_MAX: 100_000_000 } };
      const { bytes } = await makeCompressed(ctx, { compressed_key: newObjectKey() }, original);
      const analysis = await engine.analyse(bytes);
      const judged = judge(
        scene,
        analysis.faces.map(({ box }) => box),
      );
      for (const { facePx, isFound } of judged.pasted) {
        const count = counts.get(facePx);
        if (!count) continue;
        count.pasted++;
        if (isFound) count.found++;
      }
      scenes++;
      falseCount += judged.falseCount;
      misplacedCount += judged.misplacedCount;
      passes += analysis.passes;
      ownCount += scene.own.length;
      ownFound += judged.ownFound;
      if (scenes % 5 === 0)
        say(`${scenes} photos: ${describe(counts)}; ${falseCount} false, ${misplacedCount} misplaced`);
    }
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
  say(`${scenes} photos: ${describe(counts)}; ${falseCount} false; their own faces ${ownFound} of ${ownCount}`);
  return {
    recallByFacePx: Object.fromEntries([...counts].map(([px, { pasted, found }]) => [px, round(found / pasted)])),
    falsePerFrame: round(falseCount / scenes),
    misplacedPerFrame: round(misplacedCount / scenes),
    passesOf24Megapixels: round(passes / scenes),
  };
}

/**
 * Each truth takes the detection that overlaps it most. Of what is left over, what lies on a pasted face that was not found is misplaced: a
 * box of the wrong size, as around head and shoulders. The rest is false, doubles too.
 */
function judge(scene: Scene, found: readonly Box[]) {
  const left = new Set(found);
  const take = (box: Box): boolean => {
    const [best] = [...left].toSorted((a, b) => overlapOf(b, box) - overlapOf(a, box));
    if (!best || overlapOf(best, box) < FOUND_OVERLAP) return false;
    left.delete(best);
    return true;
  };
  const pasted = scene.pasted.map(({ box, facePx }) => ({ facePx, box, isFound: take(box) }));
  const ownFound = scene.own.filter(take).length;
  let misplacedCount = 0;
  for (const { box, isFound } of pasted) {
    const [around] = isFound ? [] : [...left].filter((each) => holdsMiddle(box, each) && overlapOf(box, each) > 0.1);
    if (!around) continue;
    left.delete(around);
    misplacedCount++;
  }
  return { pasted, ownFound, misplacedCount, falseCount: left.size };
}

/** Whether the middle of a detection lies on a face. */
function holdsMiddle(face: Box, detection: Box): boolean {
  const [x, y] = [detection.x + detection.width / 2, detection.y + detection.height / 2];
  return x > face.x && y > face.y && x < face.x + face.width && y < face.y + face.height;
}

function describe(counts: ReadonlyMap<number, { pasted: number; found: number }>): string {
  return [...counts].map(([px, { pasted, found }]) => `${px} px ${found}/${pasted}`).join(', ');
}
