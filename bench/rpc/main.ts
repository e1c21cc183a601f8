import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { wholeNumber } from '@kilas/cli/command-line.ts';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { type ConsulDiscovery, openConsulDiscovery } from '@kilas/platform/discovery/consul-discovery.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { withRequestContext } from '@kilas/platform/process/request-context.ts';
import { balancedPeers } from '@kilas/platform/rpc/rpc-client.ts';
import { createServiceSigner, newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { observePeers } from '@kilas/platform/telemetry/observe-peers.ts';
import { startTracing } from '@kilas/platform/telemetry/start-tracing.ts';
import { median, round } from '../numbers.ts';

const usage = `Usage: npm run bench -- rpc [--rounds 10] [--calls 2000]

What a call between services costs. An empty handler is called once by a bare Connect client at a bare Connect server, once
as our services call each other: found by Consul, with a deadline, a service token and a span on both sides. Rounds alternate;
servers are processes of their own. Prints medians in microseconds; the last line is JSON with overhead, ours over bare.
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    calls: { type: 'string', default: '2000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main(wholeNumber('--rounds', values.rounds, 1, 1_000), wholeNumber('--calls', values.calls, 1, 1_000_000));

async function main(rounds: number, calls: number): Promise<void> {
  const children: ChildProcess[] = [];
  const log = openLog('bench', 'error');
  let discovery: ConsulDiscovery | undefined;
  try {
    const consulUrl = await start(children, ['consul']);
    discovery = openConsulDiscovery({ url: consulUrl, log, clock: systemClock });
    const key = newServiceKey();
    const sink = await start(children, ['sink']);
    const bareUrl = await start(children, ['bare']);
    await start(children, ['kilas', key.publicKeyPem, consulUrl, sink]);
    const stopTracing = startTracing({ service: 'photo', endpoint: sink, sampleRatio: 1, log });
    const sign = createServiceSigner('photo', createPrivateKey(key.privateKeyPem));
    const bare = createClient(EventService, createGrpcTransport({ baseUrl: bareUrl }));
    const kilas = createClient(EventService, observePeers('photo', balancedPeers(discovery, sign))('user'));
    await untilFound(kilas);
    await time(bare, calls);
    await time(kilas, calls);
    const times: { bare: number[]; kilas: number[] } = { bare: [], kilas: [] };
    for (let round = 1; round <= rounds; round++) {
      const [one, other] = [await time(bare, calls), await time(kilas, calls)];
      times.bare.push(...one);
      times.kilas.push(...other);
      process.stdout.write(`round ${round}: bare ${median(one).toFixed(1)} µs, kilas ${median(other).toFixed(1)} µs\n`);
    }
    const medians = { bareUs: round(median(times.bare), 1), kilasUs: round(median(times.kilas), 1) };
    const overhead = round(median(times.kilas) / median(times.bare));
    process.stdout.write(`${JSON.stringify({ ...medians, overhead })}\n`);
    process.exitCode = overhead <= 1.35 ? 0 : 1;
    await stopTracing();
  } finally {
    discovery?.close();
    await Promise.all(children.map(end));
  }
}

async function start(children: ChildProcess[], argv: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'server.ts'), ...argv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^READY (\S+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error(`the server ${argv[0]} ended before it was ready`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}

async function untilFound(client: Client<typeof EventService>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.deliver({});
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

/** One call after another, all of one request, as a service makes them; each one's time in microseconds. */
async function time(client: Client<typeof EventService>, calls: number): Promise<number[]> {
  return withRequestContext({ requestId: newId() }, () => timeEach(client, calls));
}

async function timeEach(client: Client<typeof EventService>, calls: number): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < calls; call++) {
    const startedAt = performance.now();
    await client.deliver({});
    times.push((performance.now() - startedAt) * 1000);
  }
  return times;
}
