import { openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { DEFAULT_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { builtInPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { readSamples } from './samples.ts';

const AT_ONCE = 8;

/** Photos in a row, 8 at a time; resident megabytes of this process after a tenth of them and at the end. */
export async function measureMemory(graphsDir: string, threads: number, count: number, say: (line: string) => void) {
  const samples = await readSamples();
  const engine = await openFaceEngine({ pack: builtInPlace(graphsDir, DEFAULT_PACK_ID), threads });
  const marks: number[] = [];
  let done = 0;
  let next = 0;
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let i = next++; i < count; i = next++) {
          const file = samples[i % samples.length];
          if (file) await engine.analyse(file);
          done++;
          if (done % Math.ceil(count / 10) === 0) {
            marks.push(process.memoryUsage().rss / 1e6);
            say(`${done} photos: ${marks.at(-1)?.toFixed(0)} MB`);
          }
        }
      }),
    );
  } finally {
    await engine.close();
  }
  const [first = 0] = marks;
  const last = marks.at(-1) ?? 0;
  return {
    rssMb: Math.round(last),
    rssMbAfterTenth: Math.round(first),
    rssGrowth: Math.round((last / first) * 1000) / 1000,
  };
}
