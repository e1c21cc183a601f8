import { type BaseContext, openBase } from '@kilas/platform/base-context.ts';
import type { ObjectReader, ObjectWriter } from '@kilas/platform/objects.ts';
import { openObjects } from '@kilas/platform/open-objects.ts';
import type { Wiring } from '@kilas/platform/service.ts';
import { Analyser } from './analysis/analyser.ts';
import type { AiConfig } from './config.ts';
import type { AiSchema } from './db/schema.ts';

/** What every operation of this service gets first. */
export interface AiContext extends BaseContext<AiSchema> {
  readonly config: AiConfig;
  readonly objects: ObjectReader & ObjectWriter;
  readonly analyser: Analyser;
}

export function openContext(config: AiConfig, wiring: Wiring): AiContext {
  const base = openBase<AiSchema>('ai', config, wiring);
  const objects = openObjects(config, base);
  const analyser = new Analyser({
    count: config.AI_CONCURRENCY,
    waitingMax: config.AI_QUEUE_MAX,
    graphsFolder: config.GRAPHS_FOLDER,
    threads: config.AI_THREADS,
    log: base.log,
  });
  return { ...base, config, objects, analyser };
}
