import { problems } from '@kilas/messages/problems.ts';
import { systemClock } from '@kilas/platform/clock.ts';
import { grpcPeers } from '@kilas/platform/rpc-client.ts';
import { runService } from '@kilas/platform/run-service.ts';
import { readConfig } from './config.ts';
import { openService } from './service.ts';

const config = readConfig(process.env);
const service = await openService(process.env, {
  clock: systemClock,
  peers: (sign) => grpcPeers(config.PEERS, sign),
});
await runService(service, {
  title: 'Kilas upload',
  log: service.log,
  problems,
  host: config.HOST,
  httpPort: config.HTTP_PORT,
  rpcPort: config.RPC_PORT,
  corsOrigins: config.CORS_ORIGINS,
  trustedProxies: config.TRUSTED_PROXIES,
});
