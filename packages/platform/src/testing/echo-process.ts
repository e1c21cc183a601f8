import { appendFileSync } from 'node:fs';
import { problems } from '@kilas/messages/problems.ts';
import { openConsulDiscovery } from '../discovery/consul-discovery.ts';
import { systemClock } from '../process/clock.ts';
import { runService } from '../service/run-service.ts';
import { openEcho } from './echo-service.ts';
import { readEchoTask } from './echo-task.ts';

const task = readEchoTask(process.env);
const service = openEcho({
  ...task,
  onCall: (token) => appendFileSync(task.callsFile, `${token}\n`),
  signalSelf: (name) => process.kill(process.pid, name),
});
const discovery =
  task.consulUrl === undefined
    ? undefined
    : openConsulDiscovery({ url: task.consulUrl, log: service.log, clock: systemClock });
const self = { service: 'user', replicaId: task.id, host: '127.0.0.1', version: '1' };
await runService(service, {
  title: 'echo',
  log: service.log,
  problems,
  host: '127.0.0.1',
  httpPort: task.httpPort,
  rpcPort: task.rpcPort,
  corsOrigins: [],
  trustedProxies: [],
  ...(discovery === undefined
    ? {}
    : {
        presence: {
          announce: (place) => discovery.announce({ ...self, ...place }),
          withdraw: () => discovery.withdraw(),
        },
        drainDelayMs: 500,
      }),
});
discovery?.close();
