import { parseArgs } from 'node:util';
import { wholeNumber } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';

const parts = ['load', 'scroll', 'code'] as const;

export type Part = (typeof parts)[number];

export interface Arguments {
  /** Of the event. */
  readonly photos: number;
  /** Photos that are uploaded in truth; all others share their images. */
  readonly pictures: number;
  /** First loads, of which the median counts. */
  readonly loads: number;
  readonly parts: readonly Part[];
  readonly isHelp: boolean;
}

export const usage = `Usage: npm run bench -- web [--photos 100000] [--pictures 200] [--loads 3] [--only load|scroll|code]

Measures the web app in Chromium on a standalone run with a public event of --photos photos. --pictures of them are uploaded; the
bench writes the rows of all others into the database, with the images and thumbhashes of those.

load    the event page for the first time on a phone (390 × 844; CPU four times slower, 1.6 Mbit/s, 150 ms), --loads times: the median of
        the largest paint, of the first tile with its image, of the blocking time and of layout shift
scroll  on a laptop (1440 × 900), not slowed down: the scrollbar jumps through all segments, then the page is scrolled from top to
        bottom by a screen a frame, then slowly at five places. A photo counts as reachable when the API gave it to the page
        and the grid drew its place; then the longest task (0 if none took 50 ms), the memory after garbage was collected, and layout shift
code    JavaScript in gzip that the browser asks for to enter a room and to open every page of it, each file once; workers count with
        the studio, but for the hint engine of the selfie page, which counts apart

The last line is JSON: lcpMs, tilesMs, tbtMs, longestTaskMs, reachable, cls,
heapMb, eventKb, findKb, studioKb, deskKb, hintKb.
Fails when a limit is missed. Nothing else should run on the machine.
`;

export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      photos: { type: 'string', default: '100000' },
      pictures: { type: 'string', default: '200' },
      loads: { type: 'string', default: '3' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    photos: wholeNumber('--photos', values.photos, 1_000, 1_000_000),
    pictures: wholeNumber('--pictures', values.pictures, 1, 1_000),
    loads: wholeNumber('--loads', values.loads, 1, 99),
    parts: partsOf(values.only),
    isHelp: values.help,
  };
}

function partsOf(only: string | undefined): readonly Part[] {
  if (only === undefined) return parts;
  const found = parts.filter((part) => part === only);
  if (found.length === 0) throw new UserError(`--only takes ${parts.join(', ')}, not "${only}".`);
  return found;
}
