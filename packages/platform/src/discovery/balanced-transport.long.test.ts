import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { create, setExtension } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { Code, createClient } from '@connectrpc/connect';
import { may_kill } from '@kilas/contracts/gen/kilas/platform/v1/options_pb.js';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import { balancedPeers, grpcPeers } from '../rpc/rpc-client.ts';
import { newCaller } from '../testing/echo-service.ts';
import { startEcho, startEchoProcess } from '../testing/start-echo.ts';
import { type Replica, ReplicaList } from './replica-list.ts';

const { sign, publicKeyPem } = newCaller();

/** The same service, as if its method were not safe to call twice. */
const unrepeatable = { ...SessionService.method.authenticate, idempotency: Idempotency.IDEMPOTENCY_UNKNOWN };
const UnrepeatableService = {
  ...SessionService,
  methods: [unrepeatable],
  method: { authenticate: unrepeatable },
} as typeof SessionService;

/** The same service, as if what it does might end its process. */
const deadlyOptions = create(MethodOptionsSchema);
setExtension(deadlyOptions, may_kill, true);
const { authenticate } = SessionService.method;
const deadly = { ...authenticate, proto: { ...authenticate.proto, options: deadlyOptions } };
const DeadlyService = {
  ...SessionService,
  methods: [deadly],
  method: { authenticate: deadly },
} as typeof SessionService;

function clientsOf(replicas: readonly Replica[]) {
  const list = new ReplicaList(replicas);
  const peers = balancedPeers({ replicasOf: () => list, parts: () => ({}), close: () => {} }, sign);
  const transport = peers('user');
  onTestFinished(() => list.replace([]));
  return {
    list,
    idempotent: createClient(SessionService, transport),
    unrepeatable: createClient(UnrepeatableService, transport),
    deadly: createClient(DeadlyService, transport),
  };
}

const closedReplica = async (id: string): Promise<Replica> => ({
  id,
  url: `http://127.0.0.1:${await findFreePort()}`,
});

/** A replica that does something to every connection; answers how many there were. */
async function startBroken(id: string, treat: (socket: Socket) => void) {
  let connectionCount = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connectionCount += 1;
    sockets.add(socket.on('error', () => {}));
    treat(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return { id, url, connectionCount: () => connectionCount };
}

/** The same replica by another way, on which connections are counted. */
async function startRelay(replica: Replica) {
  let openCount = 0;
  const { id, url } = await startBroken(replica.id, (socket) => {
    openCount += 1;
    const onward = connect(Number(new URL(replica.url).port), '127.0.0.1').on('error', () => {});
    socket.pipe(onward).pipe(socket);
    socket.once('close', () => {
      openCount -= 1;
      onward.destroy();
    });
  });
  return { id, url, openCount: () => openCount };
}

test('calls go to all replicas, and to the one that has the fewest open', async () => {
  const [a, b] = [await startEcho({ id: 'a', publicKeyPem }), await startEcho({ id: 'b', publicKeyPem })];
  const { idempotent } = clientsOf([a, b]);
  const answered = new Set<string>();
  for (let n = 0; n < 4; n++) answered.add((await idempotent.authenticate({ accessToken: 'x' })).accountId);
  expect([...answered].sort()).toEqual(['a', 'b']);

  const abort = new AbortController();
  const before = (await a.calls()).length;
  const held = idempotent.authenticate({ accessToken: 'hang' }, { signal: abort.signal }).catch(() => undefined);
  await waitFor(async () => [...(await a.calls()), ...(await b.calls())].includes('hang'), { what: 'the long call' });
  const free = (await a.calls()).length > before ? 'b' : 'a';
  for (let n = 0; n < 4; n++) {
    expect(await idempotent.authenticate({ accessToken: 'x' })).toMatchObject({ accountId: free });
  }
  abort.abort();
  await held;
});

test('several addresses of a service may stand in the configuration', async () => {
  const [a, b] = [await startEcho({ id: 'a', publicKeyPem }), await startEcho({ id: 'b', publicKeyPem })];
  const client = createClient(SessionService, grpcPeers({ user: `${a.url}|${b.url}` }, sign)('user'));
  const answered = new Set<string>();
  for (let n = 0; n < 4; n++) answered.add((await client.authenticate({ accessToken: 'x' })).accountId);
  expect([...answered].sort()).toEqual(['a', 'b']);
});

test('a call that could not be sent goes to another replica, whatever its method', async () => {
  const b = await startEcho({ id: 'b', publicKeyPem });
  const clients = clientsOf([await closedReplica('closed'), b]);
  for (let n = 0; n < 6; n++) {
    expect(await clients.unrepeatable.authenticate({ accessToken: `${n}` })).toMatchObject({ accountId: 'b' });
  }
  expect(await b.calls()).toEqual(['0', '1', '2', '3', '4', '5']);
});

test('a replica that failed rests while there is another', async () => {
  const broken = await startBroken('broken', (socket) => socket.destroy());
  const { idempotent } = clientsOf([broken, await startEcho({ id: 'b', publicKeyPem })]);
  for (let n = 0; n < 10; n++) {
    expect(await idempotent.authenticate({ accessToken: 'x' })).toMatchObject({ accountId: 'b' });
  }
  expect(broken.connectionCount()).toBe(1);
});

test('an idempotent call whose replica dies is answered by another one', async () => {
  const a = await startEchoProcess({ id: 'a', publicKeyPem });
  const b = await startEcho({ id: 'b', publicKeyPem });
  const { idempotent, list } = clientsOf([a]);
  const call = idempotent.authenticate({ accessToken: 'wait:2000' });
  await waitFor(async () => (await a.calls()).length === 1, { what: 'the call to arrive' });
  list.replace([a, b]);
  a.signal('SIGKILL');
  expect(await call).toMatchObject({ accountId: 'b' });
});

test('a call that may not be repeated fails when its replica dies, and is never sent again', async () => {
  const replicas = [
    await startEchoProcess({ id: 'a', publicKeyPem }),
    await startEchoProcess({ id: 'b', publicKeyPem }),
  ];
  const clients = clientsOf(replicas);
  const call = clients.unrepeatable.authenticate({ accessToken: 'die' });
  await expect(call).rejects.toMatchObject({ code: Code.Unavailable });
  // The one that lives answers, and has heard of nothing else.
  await clients.unrepeatable.authenticate({ accessToken: 'x' });
  const calls = (await Promise.all(replicas.map((replica) => replica.calls()))).flat();
  expect(calls.sort()).toEqual(['die', 'x']);
});

test('work that may kill its replica is never handed to the next one when the replica died of it, or fell silent', async () => {
  const victim = await startEchoProcess({ id: 'a', publicKeyPem });
  const frozen = await startEchoProcess({ id: 'b', publicKeyPem });
  const next = await startEcho({ id: 'c', publicKeyPem });
  const { deadly, list } = clientsOf([victim]);
  const killing = deadly.authenticate({ accessToken: 'wait:5000' });
  await waitFor(async () => (await victim.calls()).length === 1, { what: 'the call to arrive' });
  list.replace([victim, next]);
  victim.signal('SIGKILL');
  await expect(killing).rejects.toMatchObject({ code: Code.Unavailable });
  list.replace([frozen]);
  const freezing = deadly.authenticate({ accessToken: 'freeze' }, { timeoutMs: 60_000 });
  await waitFor(async () => (await frozen.calls()).length === 1, { what: 'the call to arrive' });
  list.replace([frozen, next]);
  await expect(freezing).rejects.toMatchObject({ code: Code.Unavailable });
  expect(await next.calls()).toEqual([]);
  // What never left is another matter.
  list.replace([await closedReplica('closed'), next]);
  for (let n = 0; n < 3; n++) expect(await deadly.authenticate({ accessToken: 'x' })).toMatchObject({ accountId: 'c' });
});

test('an idempotent call whose replica freezes is answered by another one, before the connection counts as dead', async () => {
  const a = await startEchoProcess({ id: 'a', publicKeyPem });
  const b = await startEcho({ id: 'b', publicKeyPem });
  const clients = clientsOf([a, b]);
  for (let n = 0; n < 2; n++) await clients.idempotent.authenticate({ accessToken: 'x' });
  clients.list.replace([a]);
  a.signal('SIGSTOP');
  let isDead = false;
  const stuck = clients.unrepeatable.authenticate({ accessToken: 'y' }).catch(() => {
    isDead = true;
  });
  const call = clients.idempotent.authenticate({ accessToken: 'z' });
  // So that both have been sent to the one that is frozen.
  await new Promise((resolve) => setImmediate(resolve));
  clients.list.replace([a, b]);
  expect(await call).toMatchObject({ accountId: 'b' });
  expect(isDead).toBe(false);
  await stuck;
  expect(await b.calls()).not.toContain('y');
});

test('a call that may not be repeated fails when its replica freezes, and is never sent again', async () => {
  const a = await startEchoProcess({ id: 'a', publicKeyPem });
  const b = await startEcho({ id: 'b', publicKeyPem });
  const clients = clientsOf([a]);
  const call = clients.unrepeatable.authenticate({ accessToken: 'freeze' }, { timeoutMs: 300_000 });
  await waitFor(async () => (await a.calls()).length === 1, { what: 'the call to arrive' });
  clients.list.replace([a, b]);
  await expect(call).rejects.toMatchObject({ code: Code.Unavailable });
  a.signal('SIGCONT');
  expect(await clients.unrepeatable.authenticate({ accessToken: 'x' })).toMatchObject({ accountId: 'b' });
  expect([await a.calls(), await b.calls()]).toEqual([['freeze'], ['x']]);
});

test('a replica that froze unasked is avoided once its connection has fallen silent', async () => {
  const a = await startEchoProcess({ id: 'a', publicKeyPem });
  const b = await startEcho({ id: 'b', publicKeyPem });
  const clients = clientsOf([a, b]);
  for (let n = 0; n < 2; n++) await clients.unrepeatable.authenticate({ accessToken: 'x' });
  a.signal('SIGSTOP');
  // One that is sent into the silence fails; from then on all go elsewhere.
  await waitFor(
    async () => {
      const calls = Array.from({ length: 4 }, () => clients.unrepeatable.authenticate({ accessToken: 'y' }));
      return (await Promise.allSettled(calls)).every(({ status }) => status === 'fulfilled');
    },
    { what: 'every call to be answered', timeoutMs: 25_000 },
  );
});

test('a replica that is slow, but lives, is waited for', async () => {
  const replicas = [await startEcho({ id: 'a', publicKeyPem }), await startEcho({ id: 'b', publicKeyPem })];
  const { idempotent } = clientsOf(replicas);
  await idempotent.authenticate({ accessToken: 'wait:2500' });
  const calls = (await Promise.all(replicas.map((replica) => replica.calls()))).flat();
  expect(calls).toEqual(['wait:2500']);
});

test('a call is tried three times and no more', async () => {
  const broken = await startBroken('broken', (socket) => socket.once('data', () => socket.destroy()));
  const { idempotent } = clientsOf([broken]);
  await expect(idempotent.authenticate({})).rejects.toMatchObject({ code: Code.Unavailable });
  expect(broken.connectionCount()).toBe(3);
});

test('a call does not outlive its deadline for the sake of a repetition', async () => {
  const broken = await startBroken('broken', (socket) => socket.destroy());
  const { idempotent } = clientsOf([broken]);
  await expect(idempotent.authenticate({}, { timeoutMs: 150 })).rejects.toMatchObject({ code: Code.Unavailable });
  expect(broken.connectionCount()).toBe(1);
});

test('the only replica is called although it failed a moment ago', async () => {
  const port = await findFreePort();
  const { idempotent, list } = clientsOf([{ id: 'a', url: `http://127.0.0.1:${port}` }]);
  await expect(idempotent.authenticate({}, { timeoutMs: 100 })).rejects.toMatchObject({ code: Code.Unavailable });
  const a = await startEcho({ id: 'a', publicKeyPem });
  list.replace([await closedReplica('b'), a]);
  expect(await idempotent.authenticate({ accessToken: 'x' })).toMatchObject({ accountId: 'a' });
});

test('whoever gives a call up ends it on the other side too, and it is not tried elsewhere', async () => {
  const replicas = [await startEcho({ id: 'a', publicKeyPem }), await startEcho({ id: 'b', publicKeyPem })];
  const { idempotent } = clientsOf(replicas);
  const abort = new AbortController();
  const call = idempotent.authenticate({ accessToken: 'hang' }, { signal: abort.signal });
  const calls = async () => (await Promise.all(replicas.map((replica) => replica.calls()))).flat();
  await waitFor(async () => (await calls()).length === 1, { what: 'the call to arrive' });
  abort.abort();
  await expect(call).rejects.toMatchObject({ code: Code.Canceled });
  await waitFor(async () => (await calls()).length === 2, { what: 'the handler to hear of it' });
  expect(await calls()).toEqual(['hang', 'ended']);
});

test('a call waits for a first replica to be known, else the service is unavailable', async () => {
  const { idempotent, list } = clientsOf([]);
  const early = idempotent.authenticate({ accessToken: 'x' });
  const a = await startEcho({ id: 'a', publicKeyPem });
  const late = idempotent.authenticate({ accessToken: 'x' });
  list.replace([a]);
  expect(await late).toMatchObject({ accountId: 'a' });
  await early.catch(() => undefined);
  list.replace([]);
  const vain = idempotent.authenticate({ accessToken: 'x' }, { timeoutMs: 50 });
  await expect(vain).rejects.toMatchObject({ code: Code.Unavailable });
});

test('a replica that is dropped ends its calls, then its connection is closed', async () => {
  const a = await startEcho({ id: 'a', publicKeyPem });
  const relay = await startRelay(a);
  const { idempotent, list } = clientsOf([relay]);
  const call = idempotent.authenticate({ accessToken: 'wait:300' });
  await waitFor(async () => (await a.calls()).length === 1, { what: 'the call to arrive' });
  list.replace([]);
  expect(relay.openCount()).toBe(1);
  expect(await call).toMatchObject({ accountId: 'a' });
  await waitFor(() => relay.openCount() === 0, { what: 'the connection to close' });
});
