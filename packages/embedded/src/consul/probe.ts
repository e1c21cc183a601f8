import { createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { Health, HealthCheckResponse_ServingStatus } from '@kilas/contracts/gen/grpc/health/v1/health_pb.js';
import type { CheckDefinition } from './registration.ts';

export interface Finding {
  readonly status: 'passing' | 'warning' | 'critical';
  readonly output: string;
}

/** Runs a check once: HTTP passes with 2xx and warns with 429, gRPC passes with SERVING, each within its timeout and on a fresh connection. */
export async function probe(check: CheckDefinition): Promise<Finding> {
  try {
    return await (check.HTTP === undefined ? probeGrpc(check.GRPC ?? '', check.Timeout) : probeHttp(check.HTTP, check));
  } catch (error) {
    return { status: 'critical', output: error instanceof Error ? error.message : String(error) };
  }
}

async function probeHttp(url: string, { Timeout }: CheckDefinition): Promise<Finding> {
  const response = await fetch(url, { signal: AbortSignal.timeout(Timeout), headers: { connection: 'close' } });
  const body = (await response.text()).slice(0, 4096);
  const status = response.ok ? 'passing' : response.status === 429 ? 'warning' : 'critical';
  return { status, output: `HTTP GET ${url}: ${response.status} Output: ${body}` };
}

async function probeGrpc(target: string, timeoutMs: number): Promise<Finding> {
  const slash = target.indexOf('/');
  const address = slash === -1 ? target : target.slice(0, slash);
  const service = slash === -1 ? '' : target.slice(slash + 1);
  const sessionManager = new Http2SessionManager(`http://${address}`);
  try {
    const transport = createGrpcTransport({ baseUrl: `http://${address}`, sessionManager });
    const { status } = await createClient(Health, transport).check({ service }, { timeoutMs });
    const isPassing = status === HealthCheckResponse_ServingStatus.SERVING;
    return {
      status: isPassing ? 'passing' : 'critical',
      output: `gRPC check ${target}: ${HealthCheckResponse_ServingStatus[status]}`,
    };
  } finally {
    sessionManager.abort();
  }
}
