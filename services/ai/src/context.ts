import { databaseUrlsOf } from '@kilas/platform/db/database-urls.ts';
import { Vacuum } from '@kilas/platform/db/vacuum.ts';
import type { ObjectReader, ObjectWriter } from '@kilas/platform/objects/objects.ts';
import { openObjects } from '@kilas/platform/objects/open-objects.ts';
import { RiskyWork } from '@kilas/platform/risky-work/risky-work.ts';
import { type BaseContext, openBase } from '@kilas/platform/service/base-context.ts';
import type { Wiring } from '@kilas/platform/service/service.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import sharp from 'sharp';
import { Analyser } from './analysis/analyser.ts';
import type { AiConfig } from './config.ts';
import { type AiSchema, embeddingTables, matchTables } from './db/schema.ts';
import type { PacksInForce } from './packs/packs-in-force.ts';
import { storedVectors } from './stored-vectors.ts';
import { Turning } from './turning/turning.ts';
import { TypicalFaces } from './typical-faces/typical-faces.ts';

const blankSize = { width: 320, height: 320 };

/** What every operation of this service gets first. */
export interface AiContext extends BaseContext<AiSchema> {
  readonly config: AiConfig;
  readonly objects: ObjectReader<Bucket> & ObjectWriter<Bucket>;
  readonly analyser: Analyser;
  /** Pictures that this service has at work, and those of which processes died. */
  readonly risky: RiskyWork;
  readonly turning: Turning;
  /** The faces by which distances are normalised, as they come with the packs. */
  readonly typical: TypicalFaces;
  /** Takes erased embeddings off the disk. */
  readonly vacuum: Vacuum;
  readonly packs: PacksInForce;
}

/** What the service stands on before it knows its model packs, which its database may name. Nothing is connected yet. */
export function openAiBase(config: AiConfig, wiring: Wiring): BaseContext<AiSchema> {
  return openBase<AiSchema>('ai', config, wiring);
}

export function openContext(base: BaseContext<AiSchema>, config: AiConfig, packs: PacksInForce): AiContext {
  const objects = openObjects(buckets, config, base);
  const turning = new Turning({
    db: base.db,
    stored: storedVectors,
    secret: config.FACES_SECRET,
    previous: config.FACES_SECRET_PREVIOUS,
    clock: base.clock,
    log: base.log,
  });
  const typical = new TypicalFaces({ db: base.db, packs, turning, clock: base.clock });
  const risky = new RiskyWork({
    db: base.db,
    log: base.log,
    prove: async () => {
      await analyser.engines.analyse(0, await makeBlank(), packs.currentId);
    },
  });
  const analyser: Analyser = new Analyser({
    risky,
    count: config.AI_CONCURRENCY,
    waitingMax: config.AI_QUEUE_MAX,
    packs,
    threads: config.AI_THREADS,
    log: base.log,
    turn: async (packId, analysis) => {
      const turned = await turning.turn(packId, analysis);
      await typical.ensure(packId);
      return turned;
    },
  });
  const vacuum = new Vacuum({ url: databaseUrlsOf(config).sessionUrl, tables: embeddingTables, besides: matchTables });
  return { ...base, config, objects, analyser, risky, packs, turning, typical, vacuum };
}

/** A picture of nothing, which every engine that works at all survives. */
async function makeBlank(): Promise<Buffer> {
  return sharp({ create: { ...blankSize, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer();
}
