import { parseArgs } from 'node:util';
import { typicalOf } from '@kilas/ai/distances/normalised-distance.ts';
import { createNearIndex, dropNearIndex } from '@kilas/ai/matching/near-index-store.ts';
import { wholeNumber } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { mobilefacenetCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { sql } from 'kysely';
import { round } from '../numbers.ts';
import { openBenchDatabase } from './database.ts';
import { type Measured, measureSearch } from './measure.ts';
import { dimension, generatorText, makeCrowd, vectorAt } from './people.ts';
import { embedRealFaces } from './real-faces.ts';
import { insertFacecams, insertFaces, packId } from './tables.ts';
import { findTruth, measureStrangers, type Truth } from './truth.ts';

const usage = `Usage: npm run bench -- search [--faces 10000,100000] [--queries 1000] [--seed 1] [--postgres URL]

How fast, and how completely, a facecam finds the faces within the cut among all that are stored: by the exact search and by the
index that proposes. Truth is found by comparing every pair here, without the database. Vectors are made from the embeddings of
the sample photos' faces and noise; how is printed. On PGlite, or on a PostgreSQL server with pgvector, where the role of URL may
create a database (it is dropped again). One million faces are extrapolated unless --faces names them. About 5 minutes; the last
line is JSON with p50Ms, p95Ms, recallMean and recallWorst for each size. Fails when the exact search misses any, or when the
index finds fewer than 0.99 on average or 0.9 at worst.
`;

const million = 1_000_000;
/** Faces that the typical one is the mean of, as an installation begins. */
const typicalCount = 1_000;
const { values } = parseArgs({
  options: {
    faces: { type: 'string', default: '10000,100000' },
    queries: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    postgres: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main();

function say(line: string): void {
  process.stdout.write(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
}

async function main(): Promise<void> {
  const sizes = values.faces.split(',').map((text) => wholeNumber('--faces', text, 1, 100_000_000));
  const [smallest = 0] = sizes;
  const queryCount = wholeNumber('--queries', values.queries, 1, 1_000_000);
  const seed = wholeNumber('--seed', values.seed, 1, 2 ** 31);
  if (sizes.some((size, i) => size <= (sizes[i - 1] ?? 0)))
    throw new UserError('--faces takes the smaller sizes first.');
  say('embedding the faces of the sample photos');
  const real = await embedRealFaces();
  process.stdout.write(`${generatorText}\n`);
  const faceCount = Math.max(...sizes);
  const crowd = makeCrowd(real, { faceCount, queryCount, queriesAmong: smallest, seed });
  const strangers = measureStrangers(crowd.faces, 20_000);
  say(
    `made ${faceCount} faces from ${real.length} real ones: strangers ${strangers.mean.toFixed(3)} ± ${strangers.sd.toFixed(3)} apart`,
  );
  const distanceMax = mobilefacenetCalibration.candidateDistanceMax;
  const typical = typicalOf(Array.from({ length: typicalCount }, (_, i) => vectorAt(crowd.faces, i)));
  const truths: Truth[] = [];
  for (const truth of findTruth(crowd, distanceMax, typical)) {
    truths.push(truth);
    if (truths.length % 250 === 0) say(`compared ${truths.length} of ${queryCount} queries with every face`);
  }
  const database = await openBenchDatabase(values.postgres);
  try {
    const { db } = database;
    const facecamIds = await insertFacecams(db, crowd.queries, typical);
    const numberOf = new Map<string, number>();
    const report: Record<string, object> = {};
    const measured: { size: number; exact: Measured; index: Measured }[] = [];
    for (const size of sizes) {
      const index = { packId, dimension };
      await dropNearIndex(db, packId);
      const step = Math.max(1, Math.floor(size / 5));
      const ids = await insertFaces(db, crowd.faces, { from: numberOf.size, until: size }, (count) => {
        if (count % step === 0) say(`stored ${count} faces`);
      });
      for (const id of ids) numberOf.set(id, numberOf.size);
      await sql`analyze faces`.execute(db);
      const common = { db, facecamIds, truths, numberOf };
      const onProgress = (kind: string) => (count: number) => {
        if (count % 250 === 0) say(`${size} faces, ${kind}: ${count} of ${queryCount} queries`);
      };
      const exact = await measureSearch('exact', { ...common, onProgress: onProgress('exact') });
      const startedAt = performance.now();
      await sql`set maintenance_work_mem = '256MB'`.execute(db);
      await createNearIndex(db, index);
      const buildSeconds = round((performance.now() - startedAt) / 1000, 1);
      const proposed = await measureSearch('index', { ...common, onProgress: onProgress('index') });
      const within = truths.map((truth) => [...truth.within].filter((number) => number < size).length);
      const meanWithin = round(within.reduce((sum, count) => sum + count, 0) / within.length, 1);
      say(
        `${size} faces, ${meanWithin} of them within ${distanceMax} of a query on average, index built in ${buildSeconds} s`,
      );
      for (const [kind, { p50Ms, p95Ms, recallMean, recallWorst }] of Object.entries({ exact, index: proposed })) {
        say(
          `  ${kind.padEnd(6)} p50 ${p50Ms} ms, p95 ${p95Ms} ms, recall ${recallMean} on average, ${recallWorst} at worst`,
        );
      }
      report[String(size)] = { exact, index: { ...proposed, buildSeconds }, meanWithin };
      measured.push({ size, exact, index: proposed });
    }
    const [before, last] = [measured.at(-2), measured.at(-1)];
    if (before !== undefined && last !== undefined && last.size < million) {
      report[String(million)] = extrapolate(before, last);
      say(`${million} faces, extrapolated and not measured: ${JSON.stringify(report[String(million)])}`);
    }
    const isGood = measured.every(
      ({ exact, index }) => exact.recallWorst === 1 && index.recallMean >= 0.99 && index.recallWorst >= 0.9,
    );
    process.stdout.write(`${JSON.stringify({ database: database.name, queries: queryCount, ...report })}\n`);
    process.exitCode = isGood ? 0 : 1;
  } finally {
    await database.close();
  }
}

interface Sized {
  readonly size: number;
  readonly exact: Measured;
  readonly index: Measured;
}

/** The exact search by the size; the index by the power of the size that its two measured ones show. */
function extrapolate(before: Sized, last: Sized): object {
  const times = million / last.size;
  const power = (pick: (measured: Measured) => number) =>
    Math.max(0, Math.log(pick(last.index) / pick(before.index)) / Math.log(last.size / before.size));
  const grow = (pick: (measured: Measured) => number) => round(pick(last.index) * times ** power(pick), 1);
  return {
    isExtrapolated: true,
    exact: { p50Ms: round(last.exact.p50Ms * times, 0), p95Ms: round(last.exact.p95Ms * times, 0) },
    index: { p50Ms: grow(({ p50Ms }) => p50Ms), p95Ms: grow(({ p95Ms }) => p95Ms) },
  };
}
