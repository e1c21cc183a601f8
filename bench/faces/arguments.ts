import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { wholeNumber } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';

export const parts = ['speed', 'recall', 'turned', 'memory'] as const;
export type Part = (typeof parts)[number];

export interface Arguments {
  readonly parts: readonly Part[];
  /** Cores that are used. */
  readonly threads: number;
  /** Faces pasted of each size. */
  readonly faces: number;
  /** Photos of the memory part. */
  readonly photos: number;
  readonly seed: number;
  readonly isHelp: boolean;
}

export const usage = `Usage: npm run bench -- faces [--only speed,recall,turned,memory] [--threads N] [--faces 200] [--photos 1000] [--seed 1]

speed    photos a second of the face engines as they serve (decoding, detection, landmarks, mirrored embeddings), beside
         @vladmandic/face-api on tfjs-wasm (SIMD; threads are asked for, tfjs grants none in Node.js), same photos, same
         decoding, same run; one process of the peer, and as many as there are cores. overhead: the pipeline's time over bareMs,
         which is bare sharp's decoding and the bare runs of the graphs on the same tensors, with the threads of one engine;
         overheadWithoutProfiles: the same where bare sharp leaves out colour profiles, as the pipeline does with those that say sRGB.
recall   faces of known place pasted into photos of 24 megapixels, --faces of each size (longer side of the box, in pixels), among
         them on the seams of tiles and at the border; through upload's compression and the engine. falsePerFrame counts what is
         neither a pasted face nor one of the photo's own, and doubles; misplacedPerFrame boxes of the wrong size around a face, which counts
         as not found.
turned   the demo photos as stored by a camera that lay on its side, head or corner and wrote no orientation: the share of the faces of the
         upright ones that is found (turnedRecall), that is found and lies within 0.5 of itself upright (turnedSame), what else is
         found (turnedExtra), and the passes of those on side or head.
memory   --photos photos in a row, 8 at a time; resident memory after a tenth of them and at the end.

The last line is JSON. Ends with 1 when a figure that was measured misses its mark: ratio 8, overhead 1.3, recall 0.95 from 64 px,
0.9 at 48, 0.8 at 32, falsePerFrame 0.1, turnedRecall 0.95, meanPasses 2 (photos whose faces are large), memory within a tenth.
`;

export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: parts.join(',') },
      threads: { type: 'string', default: String(availableParallelism()) },
      faces: { type: 'string', default: '200' },
      photos: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const chosen = values.only.split(',');
  const unknown = chosen.find((name) => !parts.some((part) => part === name));
  if (unknown !== undefined) throw new UserError(`--only takes ${parts.join(', ')}, not "${unknown}".`);
  return {
    parts: parts.filter((part) => chosen.includes(part)),
    threads: wholeNumber('--threads', values.threads, 1, 256),
    faces: wholeNumber('--faces', values.faces, 1, 10_000),
    photos: wholeNumber('--photos', values.photos, 20, 100_000),
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 31),
    isHelp: values.help,
  };
}
