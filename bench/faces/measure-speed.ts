import path from 'node:path';
import { imagesPerEngine } from '@kilas/ai/analysis/engine-pool.ts';
import { shareCores } from '@kilas/ai/config.ts';
import { analysePicture } from '@kilas/face-engine/analysis/analyse-image.ts';
import { type FaceEngine, openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { DEFAULT_PACK_ID, MOBILEFACENET_MANIFEST } from '@kilas/face-engine/packs/built-in-packs.ts';
import { ensureGraphs } from '@kilas/face-engine/packs/ensure-graphs.ts';
import { builtInPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { decodeImage } from '@kilas/face-engine/pixels/decode-image.ts';
import sharp from 'sharp';
import { median, round } from '../numbers.ts';
import { measurePeer } from './measure-peer.ts';
import { openRecordedPack } from './recorded-pack.ts';
import { readSamples } from './samples.ts';

const ROUNDS = 20;

export async function measureSpeed(graphsDir: string, threads: number, say: (line: string) => void) {
  const samples = await readSamples();
  const alternations = 3;
  const share = shareCores(threads);
  const engines: FaceEngine[] = [];
  const rates: number[] = [];
  let faceCounts: number[] = [];
  let meanPasses = 0;
  const peers: number[] = [];
  try {
    for (let i = 0; i < share.engines; i++) {
      engines.push(await openFaceEngine({ pack: builtInPlace(graphsDir, DEFAULT_PACK_ID), threads: share.threads }));
    }
    const analyses = (await runAll(engines, samples, 2)).slice(0, samples.length);
    faceCounts = analyses.map(({ faces }) => faces.length);
    meanPasses = analyses.reduce((sum, { passes }) => sum + passes, 0) / analyses.length;
    for (let i = 0; i < alternations; i++) {
      const startedAt = performance.now();
      await runAll(engines, samples, ROUNDS);
      rates.push((ROUNDS * samples.length * 1000) / (performance.now() - startedAt));
      const peer = await measurePeer(1, 2, threads);
      peers.push(peer.photosPerSecond);
      say(`round ${i + 1}: ours ${rates.at(-1)?.toFixed(2)} photos/s, peer ${peer.photosPerSecond.toFixed(2)}`);
      if (i > 0) continue;
      say(
        `the peer runs with SIMD ${peer.simd ? 'on' : 'off'}, threads ${peer.threads ? 'on' : 'not granted by tfjs'}`,
      );
      say(`faces per photo: ours ${faceCounts.join(' ')}, peer ${peer.faceCounts.join(' ')}`);
      if (peer.faceCounts.some((count, k) => count > (faceCounts[k] ?? 0)))
        throw new Error('the peer finds more faces');
    }
  } finally {
    for (const engine of engines) await engine.close();
  }
  const sideBySide = await measurePeer(threads, 2, threads);
  say(`${threads} processes of the peer side by side: ${sideBySide.photosPerSecond.toFixed(2)} photos/s together`);
  const steps = await measureSteps(graphsDir, samples, share.threads);
  return {
    photosPerSecond: round(median(rates)),
    peerPhotosPerSecond: round(median(peers)),
    ratio: round(median(rates) / median(peers)),
    peerProcessesPhotosPerSecond: round(sideBySide.photosPerSecond),
    ...share,
    ...steps,
    meanPasses: round(meanPasses),
  };
}

/** Each photo `rounds` times, as the service does: so many in work for each engine. */
async function runAll(engines: readonly FaceEngine[], files: readonly Buffer[], rounds: number) {
  const work = Array.from({ length: rounds }, () => files).flat();
  const results: Awaited<ReturnType<FaceEngine['analyse']>>[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: engines.length * imagesPerEngine }, async (_, slot) => {
      const engine = engines[slot % engines.length];
      for (let i = next++; i < work.length; i = next++) {
        const file = work[i];
        if (file && engine) results[i] = await engine.analyse(file);
      }
    }),
  );
  return results;
}

/** One photo after the other, in this thread; each step's mean milliseconds a photo, and what of it the graphs and the decoder are. */
async function measureSteps(graphsDir: string, samples: readonly Buffer[], threads: number) {
  await ensureGraphs(graphsDir, DEFAULT_PACK_ID);
  const recorded = await openRecordedPack(path.join(graphsDir, DEFAULT_PACK_ID), MOBILEFACENET_MANIFEST, threads);
  const totals: Record<string, number[]> = {};
  const note = (name: string, ms: number) => {
    totals[name] = [...(totals[name] ?? []), ms / samples.length];
  };
  for (let run = 0; run < 8; run++) {
    recorded.start();
    let [decode, all] = [0, 0];
    for (const file of samples) {
      const startedAt = performance.now();
      const picture = await decodeImage(file);
      decode += performance.now() - startedAt;
      await analysePicture(recorded.pack, picture);
      all += performance.now() - startedAt;
    }
    const graphs = await recorded.repeatBare();
    const bareDecode = await decodeBare(samples, false);
    const quickDecode = await decodeBare(samples, true);
    // The first rounds warm up.
    if (run < 2) continue;
    const { detect, landmarks, embed } = recorded.msOf;
    note('decode', decode);
    note('detect', detect);
    note('landmarks', landmarks);
    note('embed', embed);
    note('rest', all - decode - detect - landmarks - embed);
    note('total', all);
    note('bare', graphs + bareDecode);
    note('bareQuick', graphs + quickDecode);
  }
  await recorded.pack.close();
  const of = (name: string) => median(totals[name] ?? []);
  const { decode, detect, landmarks, embed, rest, total } = Object.fromEntries(
    Object.keys(totals).map((name) => [name, round(of(name))]),
  );
  return {
    msPerStep: { decode, detect, landmarks, embed, rest, total },
    bareMs: round(of('bare')),
    overhead: round(of('total') / of('bare')),
    // Five of the six photos carry a colour profile that says sRGB: we leave it out, bare sharp applies it.
    overheadWithoutProfiles: round(of('total') / of('bareQuick')),
  };
}

/** Milliseconds. */
async function decodeBare(files: readonly Buffer[], ignoreIcc: boolean): Promise<number> {
  const startedAt = performance.now();
  for (const file of files) await sharp(file, { ignoreIcc }).autoOrient().raw().toBuffer();
  return performance.now() - startedAt;
}
