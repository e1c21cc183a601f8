// One server of the comparison as a process of its own, named by its first argument; it says READY and its address on its
// first line and ends with its input.
//   bare   Connect alone with one empty handler
//   kilas  the same handler in a service as all of ours are: found by Consul, its caller known by a token, traced
//   sink   takes the traces of both sides and throws them away
//   consul the agent by which the service is found
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import http2 from 'node:http2';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { startConsulStandIn } from '@kilas/embedded/consul-stand-in.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { problems } from '@kilas/messages/problems.ts';
import { openConsulDiscovery } from '@kilas/platform/discovery/consul-discovery.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import { runService } from '@kilas/platform/service/run-service.ts';
import { startTracing } from '@kilas/platform/telemetry/start-tracing.ts';

const host = '127.0.0.1';
const [kind, publicKeyPem = '', consulUrl = '', endpoint = ''] = process.argv.slice(2);
const asked = new Promise<void>((resolve) => process.stdin.resume().once('end', resolve));

if (kind === 'bare') await serveBare();
else if (kind === 'kilas') await serveKilas();
else if (kind === 'consul') await serveConsul();
else await serveSink();

async function serveBare(): Promise<void> {
  const server = http2.createServer(
    connectNodeAdapter({
      routes: (router) => router.service(EventService, { deliver: () => ({}) }),
      connect: false,
      grpcWeb: false,
    }),
  );
  const port = await findFreePort();
  server.listen(port, host, () => ready(port));
  await asked;
  process.exit();
}

async function serveKilas(): Promise<void> {
  const log = openLog('bench', 'error');
  const stopTracing = startTracing({ service: 'user', endpoint, sampleRatio: 1, log });
  const discovery = openConsulDiscovery({ url: consulUrl, log, clock: systemClock });
  const place = { host, rpcPort: await findFreePort(), httpPort: await findFreePort() };
  const service = {
    name: 'user',
    log,
    verifyCaller: createServiceVerifier('user', { photo: createPublicKey(publicKeyPem) }),
    rpc: (router: Parameters<typeof registerRpc>[0]) =>
      registerRpc(router, EventService, { deliver: ['photo'] }, { deliver: () => ({}) }),
    http: () => {},
    work: async () => {},
    hold: async () => {},
    ready: async () => ({}),
    close: async () => {},
  };
  const presence = {
    announce: (at: { rpcPort: number; httpPort: number; prefixes: readonly string[] }) => {
      discovery.announce({ service: 'user', replicaId: 'user-1', host, version: '1', ...at });
      ready(at.rpcPort);
    },
    withdraw: () => discovery.withdraw(),
  };
  const options = { ...place, title: 'bench', log, problems, corsOrigins: [], trustedProxies: [], presence };
  await runService(service, options, asked);
  discovery.close();
  await stopTracing();
}

async function serveConsul(): Promise<void> {
  const consul = await startConsulStandIn();
  process.stdout.write(`READY ${consul.url}\n`);
  await asked;
  await consul.stop();
}

async function serveSink(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  const port = await findFreePort();
  server.listen(port, host, () => ready(port));
  await asked;
  process.exit();
}

function ready(port: number): void {
  process.stdout.write(`READY http://${host}:${port}\n`);
}
