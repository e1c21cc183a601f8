import { systemClock } from './clock.ts';
import { ConfigError, type Env, parseEnv } from './config.ts';
import { openMemorySharedState } from './memory-shared-state.ts';
import type { ProblemCatalogue } from './problem.ts';
import { grpcPeers } from './rpc-client.ts';
import { runService } from './run-service.ts';
import type { Service, Wiring } from './service.ts';
import { serviceEnv } from './service-config.ts';

type OpenService = (env: Env, wiring: Wiring) => Promise<Service>;

/** The process of one service, as its environment says; ends with the list of what is wrong where that does not fit. */
export async function runMain(title: string, openService: OpenService, problems: ProblemCatalogue): Promise<void> {
  try {
    await openAndRun(title, openService, problems);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function openAndRun(title: string, openService: OpenService, problems: ProblemCatalogue): Promise<void> {
  // The service reads its whole configuration first, so that one error lists every problem.
  const service = await openService(process.env, {
    clock: systemClock,
    shared: openMemorySharedState(),
    peers: (sign) => grpcPeers(parseEnv(serviceEnv, process.env).PEERS, sign),
  });
  const config = parseEnv(serviceEnv, process.env);
  await runService(service, {
    title,
    log: service.log,
    problems,
    host: config.HOST,
    httpPort: config.HTTP_PORT,
    rpcPort: config.RPC_PORT,
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
  });
}
