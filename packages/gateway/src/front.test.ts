import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import { type FrontOptions, openFront } from './front.ts';

/** Nobody listens on the port for "tcpmux". */
const away = 'http://127.0.0.1:1';

interface Upstream {
  readonly url: string;
  /** What it was asked, in order: "GET /v1/explore". */
  readonly asked: string[];
}

/** A process of a service, as a real server. */
async function startUpstream(answer: http.RequestListener): Promise<Upstream> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const saying =
  (word: string): http.RequestListener =>
  (_request, response) =>
    void response.end(word);
const silent: http.RequestListener = () => {};
const breaking: http.RequestListener = (request) => void request.socket.destroy();

type Addresses = Partial<Record<ServiceName, readonly string[]>>;

async function open(addresses: Addresses, options: Partial<FrontOptions> = {}) {
  const front = await openFront({ addressesOf: (service) => addresses[service] ?? [], ...options });
  onTestFinished(() => front.close());
  return front;
}

/** A front on a port, for what `inject` cannot show. */
async function serve(addresses: Addresses): Promise<URL> {
  const front = await open(addresses);
  return new URL(await front.listen({ host: '127.0.0.1', port: 0 }));
}

async function request(url: URL, path: string, options: http.RequestOptions = {}) {
  const asking = http.request(new URL(path, url), { agent: false, ...options });
  onTestFinished(() => void asking.destroy());
  return asking;
}

async function responseTo(asking: http.ClientRequest): Promise<http.IncomingMessage> {
  const [response] = (await once(asking, 'response')) as [http.IncomingMessage];
  return response;
}

test.each([
  ['has no process', {}, { url: '/v1/me' }],
  ['is away', { user: [away, away] }, { url: '/v1/me' }],
  ['is away while its document is asked for', { user: [away] }, { url: '/openapi.json' }],
] as const)(
  'a service that %s is a 503 that says when to come again, and nothing of where it was',
  async (_, where, asked) => {
    const reply = await (await open(where)).inject(asked);
    expect(reply.statusCode).toBe(503);
    expect(reply.headers).toMatchObject({
      'retry-after': '5',
      'content-type': expect.stringContaining('problem+json'),
    });
    expect(reply.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', requestId: expect.any(String) });
    expect(reply.body).not.toContain('127.0.0.1');
  },
);

test('an address that leads nowhere is a problem document', async () => {
  const reply = await (await open({})).inject({ url: '/nowhere' });
  expect(reply.statusCode).toBe(404);
  expect(reply.json()).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
});

test('a service that is too busy is asked once', async () => {
  const busy: http.RequestListener = (_request, response) =>
    void response.writeHead(503, { 'retry-after': '1' }).end('busy');
  const [one, two] = [await startUpstream(busy), await startUpstream(busy)];
  const reply = await (await open({ photo: [one.url, two.url] })).inject({ url: '/v1/explore' });
  expect(reply.statusCode).toBe(503);
  expect(reply.headers['retry-after']).toBe('1');
  expect([...one.asked, ...two.asked]).toEqual(['GET /v1/explore']);
});

test('what is only shown is asked of another process when one is gone, or dies of it', async () => {
  const well = await startUpstream(saying('here'));
  const dying = await startUpstream(breaking);
  for (const ill of [away, dying.url]) {
    const front = await open({ photo: [ill, well.url] });
    // Each of them is asked first once.
    for (let turn = 0; turn < 2; turn++) expect((await front.inject({ url: '/v1/explore' })).body).toBe('here');
  }
  expect(dying.asked).toHaveLength(1);
});

test('a process that keeps silent is helped out by another one, and passed over after', async () => {
  const frozen = await startUpstream(silent);
  const well = await startUpstream(saying('here'));
  const front = await open({ photo: [frozen.url, well.url] }, { patienceMs: 200 });
  for (let turn = 0; turn < 10; turn++) expect((await front.inject({ url: '/v1/explore' })).body).toBe('here');
  expect(well.asked).toHaveLength(10);
  // Once, or again when the machine is so busy that its time is over.
  expect(frozen.asked.length).toBeLessThan(4);
});

test('a process that is only slow is still heard when the one that helps is slower', async () => {
  let helped: http.ServerResponse | undefined;
  const slow = await startUpstream((_request, response) => {
    helped ??= response;
  });
  const slower = await startUpstream(() => void helped?.end('at last'));
  const front = await open({ photo: [slow.url, slower.url] }, { patienceMs: 20 });
  expect((await front.inject({ url: '/v1/explore' })).body).toBe('at last');
  expect([slow.asked, slower.asked]).toEqual([['GET /v1/explore'], ['GET /v1/explore']]);
});

test('an upload to a process that takes no connection goes to another one, whole', async () => {
  const received: string[] = [];
  const well = await startUpstream(async (incoming, response) => {
    received.push(await text(incoming));
    response.end('taken');
  });
  const url = await serve({ upload: [away, well.url] });
  for (let turn = 0; turn < 2; turn++) {
    const asking = await request(url, '/v1/uploads/photo', { method: 'POST' });
    asking.end('x'.repeat(300_000));
    expect(await text(await responseTo(asking))).toBe('taken');
  }
  expect(received.map((body) => body.length)).toEqual([300_000, 300_000]);
});

test('what changes something is never asked of a second process once it left', async () => {
  const [one, two] = [await startUpstream(breaking), await startUpstream(breaking)];
  const front = await open({ upload: [one.url, two.url], transaction: [one.url, two.url] });
  for (const [index, url] of ['/v1/uploads/photo', '/v1/orders'].entries()) {
    const reply = await front.inject({ method: 'POST', url, payload: index === 0 ? 'x' : '' });
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect([...one.asked, ...two.asked]).toHaveLength(index + 1);
  }
});

test('a body is passed on while it comes, and so is a reply', async () => {
  let arrived = '';
  const upstream = await startUpstream((incoming, response) => {
    incoming.on('data', (chunk) => {
      arrived += chunk;
    });
    incoming.on('end', () => response.end('!'));
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
  });
  const url = await serve({ upload: [upstream.url] });
  const asking = await request(url, '/v1/uploads/photos', { method: 'POST' });
  const responding = responseTo(asking);
  asking.write('half');
  await waitFor(() => arrived === 'half', { what: 'the first half at the service' });
  const response = await responding;
  const [event] = await once(response, 'data');
  expect(String(event)).toBe('data: first\n\n');
  asking.end(' and half');
  await once(response, 'end');
  expect(arrived).toBe('half and half');
});

test('a refusal in the middle of a large body reaches the client, whose connection is kept', async () => {
  const upstream = await startUpstream((_request, response) => void response.writeHead(401).end('who are you?'));
  const { port } = await serve({ upload: [upstream.url] });
  // By hand: clients stop sending when they are refused, or close the connection.
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let answers = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answers += chunk;
  });
  const body = Buffer.alloc(25_000_000);
  for (let turn = 1; turn <= 3; turn++) {
    socket.write(`POST /v1/uploads/photo HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n`);
    await new Promise<unknown>((resolve) => socket.write(body, resolve));
    await waitFor(() => answers.split('who are you?').length > turn, { what: `the refusal number ${turn}` });
  }
  expect(answers.match(/^HTTP\S+ \d+/gm)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 401', 'HTTP/1.1 401']);
});

test('a client that asks before it sends is told to go on', async () => {
  const upstream = await startUpstream(async (incoming, response) => response.end(await text(incoming)));
  const url = await serve({ upload: [upstream.url] });
  const asking = await request(url, '/v1/uploads/photo', { method: 'POST', headers: { expect: '100-continue' } });
  asking.flushHeaders();
  await once(asking, 'continue');
  asking.end('photo');
  expect(await text(await responseTo(asking))).toBe('photo');
});

test('when the client leaves, the service is told', async () => {
  let isTold = false;
  const upstream = await startUpstream((_request, response) => {
    response.once('close', () => {
      isTold = true;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
  });
  const asking = await request(await serve({ user: [upstream.url] }), '/v1/me/events');
  asking.end();
  const response = await responseTo(asking);
  await once(response, 'data');
  response.destroy();
  await waitFor(() => isTold, { what: 'the end of the connection to the service' });
});

test.each([
  ['announced', { 'content-length': '10' }],
  ['unknown', {}],
] as const)(
  'a reply that breaks off breaks off at the client as well, and is never taken for whole: its length is %s',
  async (_what, headers) => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, headers).write('half');
      setImmediate(() => response.destroy());
    });
    const url = await serve({ upload: [upstream.url] });
    const asking = await request(url, '/v1/archives/x');
    asking.end();
    const response = await responseTo(asking);
    await expect(text(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(response.complete).toBe(false);
  },
);

test('an upload that breaks off breaks off at the service as well', async () => {
  let state = '';
  const upstream = await startUpstream((incoming) => {
    incoming.once('data', () => {
      state = 'begun';
    });
    incoming.once('error', () => {
      state = 'broken';
    });
  });
  const asking = await request(await serve({ upload: [upstream.url] }), '/v1/uploads/photo', { method: 'POST' });
  asking.on('error', () => {}).write('half');
  await waitFor(() => state === 'begun', { what: 'the first half at the service' });
  asking.destroy();
  await waitFor(() => state === 'broken', { what: 'the end of the connection to the service' });
});

test('a client that leaves before the service answered does no harm to others', async () => {
  const answers: http.ServerResponse[] = [];
  const upstream = await startUpstream((incoming, response) => {
    if (incoming.url === '/v1/explore') answers.push(response);
    else response.end('here');
  });
  const url = await serve({ photo: [upstream.url] });
  const leaving = await request(url, '/v1/explore');
  leaving.on('error', () => {}).end();
  const late = await waitFor(() => answers[0], { what: 'the request at the service' });
  leaving.destroy();
  await waitFor(() => leaving.closed, { what: 'the client to be gone' });
  // Whether the front has noticed by now cannot be seen from here; the next reply comes behind that.
  expect(await (await fetch(new URL('/v1/photos/x', url))).text()).toBe('here');
  late.end('too late');
  expect(await (await fetch(new URL('/v1/photos/x', url))).text()).toBe('here');
});

test('what a client says of where it comes from is replaced by what is seen', async () => {
  const upstream = await startUpstream((incoming, response) => void response.end(JSON.stringify(incoming.headers)));
  const front = await open({ photo: [upstream.url] }, { ownNames: ['photos.example'] });
  const claims = { 'x-forwarded-for': '8.8.8.8', 'x-forwarded-host': 'evil.example', forwarded: 'for=8.8.8.8' };
  const reply = await front.inject({
    url: '/v1/explore',
    headers: { ...claims, host: 'photos.example' },
    remoteAddress: '10.1.2.3',
  });
  expect(reply.json()).toMatchObject({
    host: 'photos.example',
    'x-forwarded-for': '10.1.2.3',
    'x-forwarded-host': 'photos.example',
  });
  expect(reply.json()).not.toHaveProperty('forwarded');
});

test('the request id of the reply is the one that the service was asked with', async () => {
  const upstream = await startUpstream((incoming, response) => {
    const id = String(incoming.headers['x-request-id']);
    response.writeHead(200, { 'x-request-id': id }).end(id);
  });
  const front = await open({ photo: [upstream.url] });
  const own = await front.inject({ url: '/v1/explore', headers: { 'x-request-id': 'from-the-client' } });
  expect([own.body, own.headers['x-request-id']]).toEqual(['from-the-client', 'from-the-client']);
  expect((await front.inject({ url: '/v1/explore' })).body).toMatch(/^[\w-]{36}$/);
});

test('readiness is that of all services', async () => {
  const ready = (name: string) =>
    startUpstream((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'ok', services: { [name]: { database: 'ready' } } }));
    });
  const addresses: Record<string, readonly string[]> = {};
  for (const name of ['user', 'photo', 'transaction', 'ai', 'upload']) addresses[name] = [(await ready(name)).url];
  const well = await (await open(addresses)).inject({ url: '/readyz' });
  expect(well.statusCode).toBe(200);
  expect(well.json()).toMatchObject({ status: 'ok', services: { ai: { database: 'ready' } } });
  const ill = await (await open({ ...addresses, ai: [away] })).inject({ url: '/readyz' });
  expect(ill.statusCode).toBe(503);
  expect(ill.json()).toMatchObject({ status: 'not ready', services: { ai: { process: 'away' } } });
});
