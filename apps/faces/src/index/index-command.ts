import { aiEnv } from '@kilas/ai/config.ts';
import type { AiSchema } from '@kilas/ai/db/schema.ts';
import { type BuildingIndex, buildIndexes } from '@kilas/ai/matching/index-upkeep.ts';
import { countFaces, listMissingIndexes, memoryMbFor } from '@kilas/ai/matching/near-index-store.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import type { Kysely } from 'kysely';

const command = 'npm run faces -- index';
const usage = `${command} [options]

Lists for each model pack how many faces are stored, whether there is an index of them, and what memory a build of it needs. With --build
it makes those that are missing, ahead of time: ai makes one by itself when a pack has more faces than AI_EXACT_SEARCH_MAX, and then
searches exactly, which is slower, until it is there. Services may run meanwhile; one build at a time runs on a database. The last
line is JSON.

${targetUsage}
  --build           make the indexes that are missing; --pack names one
  --pack ID         of this pack alone
  --memory-mb N     memory of the database server that a build may take at most (default: ${aiEnv.shape.AI_INDEX_MEMORY_MB.parse(undefined)})
  --help            this text
`;

/** A build ahead of time asks for any face at all. */
const leastFaces = 0;

export async function indexCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readOptions(argv);
  if (options.help) return void process.stdout.write(usage);
  const target = await openTarget(options);
  try {
    const ownerUrl = target.databaseUrls.ai;
    const db = openDatabase<AiSchema>({ url: ownerUrl, poolSizeMax: 1, statementTimeoutMs: 0, onTrouble: () => {} });
    try {
      const built = await run(db, { ...options, ownerUrl, stop });
      process.stdout.write(`${JSON.stringify({ packs: await listPacks(db), built })}\n`);
    } finally {
      await db.destroy();
    }
  } finally {
    await target.close();
  }
}

interface RunOptions {
  readonly ownerUrl: string;
  readonly build: boolean;
  readonly pack: string | undefined;
  readonly memoryMb: number;
  readonly stop: AbortSignal;
}

async function run(db: Kysely<AiSchema>, options: RunOptions): Promise<string[]> {
  const packs = await listPacks(db);
  for (const { packId, faces, hasIndex, memoryMb } of packs) {
    const state = hasIndex ? 'there' : `missing, a build needs ${memoryMb} MB`;
    process.stdout.write(`${packId.padEnd(30)}${String(faces).padStart(12)} faces   index ${state}\n`);
  }
  const { build, pack } = options;
  if (pack !== undefined && !packs.some(({ packId }) => packId === pack)) {
    throw new UserError(`No faces were ever stored under a pack "${pack}".`);
  }
  if (!build) return [];
  const missing = (await listMissingIndexes(db, leastFaces)).filter(
    ({ packId }) => pack === undefined || packId === pack,
  );
  if (missing.length === 0) return [];
  const isBuilt = await buildIndexes(missing, {
    ownerUrl: options.ownerUrl,
    memoryMbMax: options.memoryMb,
    signal: options.stop,
    onProgress: printer(),
    log: { info: () => {}, warn: (_fields: unknown, text?: string) => process.stderr.write(`${text}\n`) },
  });
  if (!isBuilt) throw new UserError('Another process builds an index on this database: wait until it is done.');
  return missing.map(({ packId }) => packId);
}

async function listPacks(db: Kysely<AiSchema>) {
  const packs = await db.selectFrom('packs').select(['pack_id', 'dimension']).orderBy('pack_id').execute();
  const missing = new Set((await listMissingIndexes(db, leastFaces)).map(({ packId }) => packId));
  const listed = [];
  for (const { pack_id: packId, dimension } of packs) {
    const faces = await countFaces(db, packId);
    const hasIndex = faces > 0 && !missing.has(packId);
    listed.push({ packId, faces, hasIndex, memoryMb: memoryMbFor(faces, dimension) });
  }
  return listed;
}

/** A line each ten seconds. */
function printer(): (building: BuildingIndex) => void {
  const startedAt = performance.now();
  let nextMs = 0;
  return ({ packId, phase, rows, share }) => {
    const ms = performance.now() - startedAt;
    if (ms < nextMs) return;
    nextMs = ms + 10_000;
    const seconds = Math.round(ms / 1000);
    process.stdout.write(
      `${String(seconds).padStart(5)} s  ${packId}: ${phase}, ${Math.round(share * 100)} %, ${rows} faces\n`,
    );
  };
}

function readOptions(argv: readonly string[]) {
  const values = readTargetOptions(command, argv, {
    build: { type: 'boolean', default: false },
    pack: { type: 'string' },
    'memory-mb': { type: 'string' },
  });
  const memory = aiEnv.shape.AI_INDEX_MEMORY_MB.safeParse(values['memory-mb']);
  if (!memory.success) throw new UserError('--memory-mb takes a whole number of megabytes, 64 or more.');
  return { ...values, pack: values.pack, memoryMb: memory.data };
}
