import { randomBytes } from 'node:crypto';
import os from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import { systemClock } from '../process/clock.ts';
import { type Env, parseEnv } from '../process/env.ts';
import { openLog } from '../process/log.ts';
import type { RunOptions } from '../service/run-service.ts';
import { type ServiceEnv, serviceEnv } from '../service/service-config.ts';
import { openConsulDiscovery } from './consul-discovery.ts';
import type { Discovery } from './replica-list.ts';
import { staticDiscovery } from './static-discovery.ts';

const drainDelayDefaultMs = 1_000;

export interface ConfiguredDiscovery extends Discovery {
  /** How a service of this process tells of itself. */
  presenceOf(service: string): Pick<RunOptions, 'presence' | 'drainDelayMs'>;
}

/** By Consul where CONSUL_URL is set, else at the addresses of PEERS. Throws a ConfigError. */
export function openDiscovery(env: Env): ConfiguredDiscovery {
  const config = parseEnv(serviceEnv, env);
  const { CONSUL_URL: url, CONSUL_TOKEN: token, DRAIN_DELAY_MS } = config;
  if (url === undefined) {
    return { ...staticDiscovery(config.PEERS), presenceOf: () => ({ drainDelayMs: DRAIN_DELAY_MS ?? 0 }) };
  }
  const discovery = openConsulDiscovery({ url, token, log: openLog('consul', config.LOG_LEVEL), clock: systemClock });
  return {
    ...discovery,
    presenceOf: (service) => {
      const replicaId = config.REPLICA_ID ?? `${service}-${randomBytes(4).toString('hex')}`;
      const self = {
        service,
        replicaId,
        host: advertisedHost(config),
        version: packageJson.version,
        isSecure: config.RPC_TLS !== 'off',
      };
      return {
        presence: {
          announce: (place) => discovery.announce({ ...self, ...place }),
          withdraw: () => discovery.withdraw(),
        },
        drainDelayMs: DRAIN_DELAY_MS ?? drainDelayDefaultMs,
      };
    },
  };
}

/** Where the others and Consul reach this process. */
export function advertisedHost({ ADVERTISE_HOST, HOST }: ServiceEnv): string {
  if (ADVERTISE_HOST !== undefined) return ADVERTISE_HOST;
  if (!['0.0.0.0', '::'].includes(HOST)) return HOST;
  const addresses = Object.values(os.networkInterfaces()).flatMap((some) => some ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? os.hostname();
}
