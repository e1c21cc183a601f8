import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { foreignOf } from '../refuse-browsers.ts';
import type { Catalog, CheckState, Instance } from './catalog.ts';
import { parseDurationMs, registration } from './registration.ts';

const node = 'stand-in';
const bodySizeMaxBytes = 1024 * 1024;
const waitDefaultMs = 300_000;
const waitMaxMs = 600_000;

/** The part of the agent's HTTP API (https://developer.hashicorp.com/consul/api-docs) that registers and reads services. */
export function httpApi(
  catalog: Catalog,
  agent: { readonly port: () => number; readonly token?: string },
): RequestListener {
  return (request, response) => {
    answer(catalog, agent, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  };
}

async function answer(
  catalog: Catalog,
  agent: { readonly port: () => number; readonly token?: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const foreign = foreignOf(request);
  if (foreign !== undefined) return refuse(response, 403, foreign);
  const url = new URL(request.url ?? '/', 'http://agent');
  const route = `${request.method} ${url.pathname}`;
  const last = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
  if (route === 'GET /v1/status/leader') return send(response, 200, `127.0.0.1:${agent.port()}`);
  if (agent.token !== undefined && !holds(request, agent.token)) return refuse(response, 403, 'ACL not found');
  if (route === 'GET /v1/agent/self') return send(response, 200, self(agent.port()));
  if (route === 'PUT /v1/agent/service/register') return register(catalog, request, response);
  if (route.startsWith('PUT /v1/agent/service/deregister/')) {
    if (!catalog.deregister(last)) return refuse(response, 404, `Unknown service ID "${last}"`);
    return send(response, 200, undefined);
  }
  if (route === 'GET /v1/agent/services') {
    return send(
      response,
      200,
      Object.fromEntries(catalog.instances().map((one) => [one.registration.ID, serviceOf(one)])),
    );
  }
  if (route === 'GET /v1/catalog/services') {
    return block(catalog, undefined, url, response, () => tagsByName(catalog.instances()));
  }
  if (route.startsWith('GET /v1/health/service/')) {
    return block(catalog, last, url, response, () => entriesOf(catalog.instances(last), url.searchParams));
  }
  if (route.startsWith('GET /v1/health/state/')) {
    return block(catalog, undefined, url, response, () => checksInState(catalog.instances(), last));
  }
  return refuse(response, 404, 'the stand-in does not know this');
}

async function register(catalog: Catalog, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = registration.safeParse(parseJson(await readBody(request)));
  if (!result.success) return refuse(response, 400, `Request decode failed: ${result.error.message}`);
  catalog.register(result.data);
  return send(response, 200, undefined);
}

/** A blocking query: answers when the index has passed the one given, or after `wait` with up to a sixteenth on top. */
async function block(
  catalog: Catalog,
  service: string | undefined,
  url: URL,
  response: ServerResponse,
  read: () => unknown,
): Promise<void> {
  const index = Number(url.searchParams.get('index') ?? 0);
  const wait = url.searchParams.get('wait');
  const asked = wait === null ? waitDefaultMs : parseDurationMs(wait);
  if (asked === undefined || !Number.isFinite(index)) return refuse(response, 400, 'Invalid wait time or index');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const waitMs = Math.min(asked, waitMaxMs);
  if (index > 0)
    await catalog.changeAbove(index, service, waitMs + Math.floor(Math.random() * (waitMs / 16)), gone.signal);
  response.setHeader('x-consul-index', catalog.indexOf(service));
  response.setHeader('x-consul-knownleader', 'true');
  response.setHeader('x-consul-lastcontact', '0');
  send(response, 200, read());
}

function entriesOf(instances: readonly Instance[], query: URLSearchParams) {
  const tag = query.get('tag');
  // `?passing` and `?passing=1` alike.
  const isPassingOnly = query.has('passing') && query.get('passing') !== 'false' && query.get('passing') !== '0';
  return instances
    .filter(({ checks }) => !isPassingOnly || checks.every(({ status }) => status === 'passing'))
    .filter(({ registration }) => tag === null || registration.Tags.includes(tag))
    .map((one) => ({
      Node: { ID: '', Node: node, Address: '127.0.0.1', Datacenter: 'dc1', TaggedAddresses: {}, Meta: {} },
      Service: serviceOf(one),
      Checks: one.checks.map((check) => checkOf(one, check)),
    }));
}

function checksInState(instances: readonly Instance[], state: string) {
  const all = instances.flatMap((one) => one.checks.map((check) => checkOf(one, check)));
  return state === 'any' ? all : all.filter(({ Status }) => Status === state);
}

function serviceOf({ registration: { ID, Name, Tags, Address, Port, Meta }, createIndex, modifyIndex }: Instance) {
  const indexes = { CreateIndex: createIndex, ModifyIndex: modifyIndex };
  return { ID, Service: Name, Tags, Address, Port, Meta, Weights: { Passing: 1, Warning: 1 }, ...indexes };
}

function checkOf({ registration: { ID, Name, Tags } }: Instance, { id, definition, status, output }: CheckState) {
  return {
    Node: node,
    CheckID: id,
    Name: definition.Name || `Service '${Name}' check`,
    Status: status,
    Notes: '',
    Output: output,
    ServiceID: ID,
    ServiceName: Name,
    ServiceTags: Tags,
    Type: definition.GRPC === undefined ? 'http' : 'grpc',
  };
}

function tagsByName(instances: readonly Instance[]): Record<string, string[]> {
  const tags: Record<string, string[]> = { consul: [] };
  for (const { registration } of instances) {
    tags[registration.Name] = [...new Set([...(tags[registration.Name] ?? []), ...registration.Tags])];
  }
  return tags;
}

function self(port: number) {
  return {
    Config: {
      Datacenter: 'dc1',
      PrimaryDatacenter: 'dc1',
      NodeName: node,
      NodeID: '',
      Revision: '',
      Server: true,
      Version: '1.22.0',
    },
    Member: { Name: node, Addr: '127.0.0.1', Port: port, Status: 1 },
    DebugConfig: {},
    Meta: {},
  };
}

/** Not in the query, where Consul took it once: addresses are logged. */
function holds(request: IncomingMessage, token: string): boolean {
  const header = request.headers['x-consul-token'] ?? request.headers.authorization?.replace(/^Bearer /, '');
  const [given, own] = [Buffer.from(String(header ?? '')), Buffer.from(token)];
  return given.length === own.length && timingSafeEqual(given, own);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodySizeMaxBytes) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(message);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
