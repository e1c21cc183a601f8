import { advertisedHost, type ConfiguredDiscovery, openDiscovery } from '../discovery/open-discovery.ts';
import { namesIn } from '../http/own-hosts.ts';
import type { ProblemCatalogue } from '../problems/problem.ts';
import { systemClock } from '../process/clock.ts';
import { ConfigError, type Env, parseEnv } from '../process/env.ts';
import { lowerPriority } from '../process/lower-priority.ts';
import { balancedPeers } from '../rpc/rpc-client.ts';
import { rpcTlsOf } from '../rpc/rpc-tls.ts';
import { openSharedState } from '../shared/open-shared-state.ts';
import type { SharedState } from '../shared/shared-state.ts';
import { runService } from './run-service.ts';
import type { Service, Wiring } from './service.ts';
import { paceOf, type ServiceEnv, serviceEnv } from './service-config.ts';

type OpenService = (env: Env, wiring: Wiring) => Promise<Service>;

/**
 * Runs one service as a process, configured by its environment; if that does not fit, the process ends with a list of everything that is wrong.
 * `priority` counts if the environment names none.
 */
export async function runMain(
  title: string,
  openService: OpenService,
  problems: ProblemCatalogue,
  { priority = 'normal' }: { readonly priority?: ServiceEnv['CPU_PRIORITY'] } = {},
): Promise<void> {
  try {
    // First, since threads that are started later take theirs over. What is wrong with it is said with all the rest.
    const named = serviceEnv.shape.CPU_PRIORITY.safeParse(process.env.CPU_PRIORITY || undefined);
    if ((named.data ?? priority) === 'low') await lowerPriority();
    await openAndRun(title, openService, problems);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function openAndRun(title: string, openService: OpenService, problems: ProblemCatalogue): Promise<void> {
  let shared: SharedState | undefined;
  let discovery: ConfiguredDiscovery | undefined;
  // The service reads its whole configuration first, so that one error lists every problem.
  const service = await openService(process.env, {
    clock: systemClock,
    get shared() {
      shared ??= openSharedState(process.env);
      return shared;
    },
    peers: (sign) => {
      discovery ??= openDiscovery(process.env);
      return balancedPeers(discovery, sign, rpcTlsOf(parseEnv(serviceEnv, process.env)));
    },
    parts: () => discovery?.parts() ?? {},
  });
  const config = parseEnv(serviceEnv, process.env);
  const stopTracing = await traceAsConfigured(service, config);
  await runService(service, {
    title,
    log: service.log,
    problems,
    host: config.HOST,
    httpPort: config.HTTP_PORT,
    rpcPort: config.RPC_PORT,
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    pace: paceOf(config),
    ownNames: [...namesIn([config.PUBLIC_URL]), config.HOST, advertisedHost(config), ...config.ALLOWED_HOSTS],
    rpcTls: rpcTlsOf(config),
    isRpcReflected: config.RPC_REFLECTION,
    ...discovery?.presenceOf(service.name),
  });
  discovery?.close();
  await shared?.close();
  await stopTracing?.();
}

async function traceAsConfigured(service: Service, config: ServiceEnv): Promise<(() => Promise<void>) | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACE_SAMPLE_RATIO: sampleRatio } = config;
  if (endpoint === undefined) return undefined;
  // Loaded only where it is wanted.
  const { startTracing } = await import('../telemetry/start-tracing.ts');
  return startTracing({ service: service.name, endpoint, sampleRatio, log: service.log });
}
