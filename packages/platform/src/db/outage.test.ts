import { createPrivateKey, createPublicKey } from 'node:crypto';
import { connect } from 'node:net';
import { Code, createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { problems } from '@kilas/messages/problems.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { createHttpApp } from '../http/http-app.ts';
import { openLog } from '../process/log.ts';
import { MemoryNetwork } from '../rpc/rpc-client.ts';
import { registerRpc, serverInterceptors } from '../rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from '../rpc/service-token.ts';
import { type Db, isReachable, openDatabase } from './database.ts';
import { transact } from './transact.ts';

interface Schema {
  things: { n: number };
}

const server = await startOwnPostgres();
await server.createDatabase('things');
const db = openDatabase<Schema>({ url: server.url('things'), poolSizeMax: 4, onTrouble: () => {} });
await sql`create table things (n int not null)`.execute(db);

const insertThing = async (to: Db<Schema>) => {
  await to.insertInto('things').values({ n: 1 }).execute();
  return {};
};

const log = openLog('test', 'silent');
const app = await createHttpApp({ title: 'test', log, problems, corsOrigins: [], trustedProxies: [] });
app.get('/things', () => db.selectFrom('things').selectAll().execute());
app.post('/things', () => transact(db, insertThing));
app.post('/things/plain', () => insertThing(db));

const key = newServiceKey();
const verify = createServiceVerifier('user', { photo: createPublicKey(key.publicKeyPem) });
const network = new MemoryNetwork();
network.serve('user', {
  interceptors: serverInterceptors(verify, log),
  routes: (router) =>
    registerRpc(
      router,
      SessionService,
      { authenticate: ['photo'] },
      {
        async authenticate() {
          await transact(db, (tx) => sql`select 1`.execute(tx));
          return {};
        },
      },
    ),
});
const peers = network.peersFor(createServiceSigner('photo', createPrivateKey(key.privateKeyPem)));
const client = createClient(SessionService, peers('user'));

afterAll(async () => {
  await app.close();
  await db.destroy();
  await server.stop();
});

/** As fast as it can: the server is down for a moment only. */
function isRefused(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

test('a restart of the server is waited out by reads and writes alike', async () => {
  await insertThing(db);
  const restarted = server.restart();
  await waitFor(isRefused, { what: 'the server to be down' });
  const replies = await Promise.all([
    app.inject('/things'),
    app.inject({ method: 'POST', url: '/things' }),
    app.inject({ method: 'POST', url: '/things/plain' }),
    client.authenticate({ accessToken: 'x' }),
  ]);
  await restarted;
  expect(replies.slice(0, 3)).toMatchObject([{ statusCode: 200 }, { statusCode: 200 }, { statusCode: 200 }]);
  expect(await db.selectFrom('things').selectAll().execute()).toHaveLength(3);
});

test('a database that stays away is "unavailable" to clients and services', async () => {
  await server.stop();
  const replies = await Promise.all([
    app.inject('/things'),
    app.inject({ method: 'POST', url: '/things' }),
    app.inject({ method: 'POST', url: '/things/plain' }),
  ]);
  for (const reply of replies) {
    expect(reply.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(reply.headers['retry-after']).toBe('5');
  }
  await expect(client.authenticate({ accessToken: 'x' })).rejects.toMatchObject({ code: Code.Unavailable });
  expect(await isReachable(db)).toBe(false);
});
