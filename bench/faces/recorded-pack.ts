import path from 'node:path';
import { ArcfaceEmbedder } from '@kilas/face-engine/packs/arcface-embedder.ts';
import type { FacePack } from '@kilas/face-engine/packs/face-pack.ts';
import type { PackManifest } from '@kilas/face-engine/packs/manifest.ts';
import { type ModelSession, openModelSession } from '@kilas/face-engine/packs/model-session.ts';
import { SixtyEightPoints } from '@kilas/face-engine/packs/sixty-eight-points.ts';
import { SsdDetector } from '@kilas/face-engine/packs/ssd-detector.ts';

type Input = Parameters<ModelSession['run']>[0];

/** The pack of a new installation, opened so that its runs can be repeated bare. */
export interface RecordedPack {
  readonly pack: FacePack;
  /** Milliseconds spent in each of the pack's parts since `start`. */
  readonly msOf: Record<'detect' | 'landmarks' | 'embed', number>;
  /** Forgets and counts anew. */
  start(): void;
  /** Runs the graphs once more on the tensors seen since `start`; answers the milliseconds. */
  repeatBare(): Promise<number>;
}

export async function openRecordedPack(folder: string, manifest: PackManifest, threads: number): Promise<RecordedPack> {
  const runs: { session: ModelSession; input: Input }[] = [];
  const msOf = { detect: 0, landmarks: 0, embed: 0 };
  const open = async (file: string): Promise<ModelSession> => {
    const session = await openModelSession(path.join(folder, file), threads);
    return {
      ...session,
      run: (input) => {
        runs.push({ session, input });
        return session.run(input);
      },
    };
  };
  const timed = async <Result>(part: keyof typeof msOf, work: () => Promise<Result>): Promise<Result> => {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      msOf[part] += performance.now() - startedAt;
    }
  };
  if (
    manifest.detector.kind !== 'ssd-mobilenet' ||
    manifest.landmarks.kind !== '68-points' ||
    manifest.embedder.kind !== 'arcface-112'
  )
    throw new Error('not the pack of a new installation');
  const detector = new SsdDetector(
    await open(manifest.detector.file),
    await open(manifest.detector.scan?.file ?? manifest.detector.file),
    manifest.detector,
  );
  const landmarks = new SixtyEightPoints(await open(manifest.landmarks.file));
  const embedder = new ArcfaceEmbedder(
    await open(manifest.embedder.file),
    manifest.embedder,
    manifest.landmarks.layout,
  );
  const { viewPx, stridePx, tilePxMax, faceMinPx, scoreMin, hintMin, certainMin } = detector;
  return {
    msOf,
    pack: {
      id: manifest.id,
      detector: {
        ...{ viewPx, stridePx, tilePxMax, faceMinPx, scoreMin, hintMin, certainMin },
        detect: (views) => timed('detect', () => detector.detect(views)),
        scan: (views) => timed('detect', () => detector.scan(views)),
        close: () => detector.close(),
      },
      landmarks: {
        locate: (patches) => timed('landmarks', () => landmarks.locate(patches)),
        close: () => landmarks.close(),
      },
      embedder: {
        dimension: embedder.dimension,
        chipPx: embedder.chipPx,
        anchors: (layout) => embedder.anchors(layout),
        embed: (chips) => timed('embed', () => embedder.embed(chips)),
        close: () => embedder.close(),
      },
      close: async () => {
        await Promise.all([detector.close(), landmarks.close(), embedder.close()]);
      },
    },
    start: () => {
      runs.length = 0;
      Object.assign(msOf, { detect: 0, landmarks: 0, embed: 0 });
    },
    repeatBare: async () => {
      const startedAt = performance.now();
      for (const { session, input } of runs) await session.run(input);
      return performance.now() - startedAt;
    },
  };
}
