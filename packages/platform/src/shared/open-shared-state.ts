import { type Env, parseEnv } from '../process/env.ts';
import { openLog } from '../process/log.ts';
import { serviceEnv } from '../service/service-config.ts';
import { openMemorySharedState } from './memory-shared-state.ts';
import { openRedisSharedState } from './redis-shared-state.ts';
import type { SharedState } from './shared-state.ts';

/** At Redis where REDIS_URL is set, else in this process alone. Throws a ConfigError. */
export function openSharedState(env: Env): SharedState {
  const config = parseEnv(serviceEnv.pick({ REDIS_URL: true, LOG_LEVEL: true }), env);
  if (config.REDIS_URL === undefined) return openMemorySharedState();
  return openRedisSharedState({ url: config.REDIS_URL, log: openLog('redis', config.LOG_LEVEL) });
}
