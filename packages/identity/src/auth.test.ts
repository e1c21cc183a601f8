import { Code } from '@connectrpc/connect';
import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { refusalError } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { openRedisSharedState } from '@kilas/platform/shared/redis-shared-state.ts';
import { startTestRedis, testWithRedis } from '@kilas/testkit/test-with-redis.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import { type AuthOptions, createAuth, sessionsEndedTopic } from './auth.ts';
import { type Identity, identityOf } from './identity.ts';

const log = openLog('test', 'silent');

/** Stands where the user service is: one member with one session, questions counted. */
function openUser() {
  const member = {
    accountId: newId(),
    sessionId: newId(),
    roles: [] as string[],
    isEnded: false,
    questions: 0,
    /** Set: an answer is made at once and arrives when this resolves. */
    onTheWay: undefined as Promise<void> | undefined,
  };
  const authenticate = async (token: string): Promise<Identity> => {
    member.questions += 1;
    if (token !== 'good' || member.isEnded) throw refusalError(Code.Unauthenticated, 'SESSION_ENDED');
    const { accountId, sessionId } = member;
    const consent = { consentEpoch: 0, consentCoversConfirmedFaces: false };
    const answer = { accountId, sessionId, roles: [...member.roles], ...consent, matchLevel: 0, timeZone: 'UTC' };
    await member.onTheWay;
    return answer;
  };
  return { member, authenticate };
}

/** A service with its own memory of identities; answers the status of a request with the member's token. */
async function openReplica(authenticate: (token: string) => Promise<Identity>, options: AuthOptions) {
  const app = await createHttpApp({ log, problems, corsOrigins: [], trustedProxies: [], title: 'test' });
  onTestFinished(() => app.close());
  const auth = createAuth(authenticate, options);
  app.get('/mine', { onRequest: auth.required }, async (request) => identityOf(request));
  app.get('/creators', { onRequest: auth.role('creator', 'CREATOR_REQUIRED') }, async (request) => identityOf(request));
  await app.ready();
  return async (url = '/mine', token = 'good') =>
    (await app.inject({ url, headers: { authorization: `Bearer ${token}` } })).statusCode;
}

async function openOne(options: AuthOptions = {}) {
  const time = { ms: 1_000 };
  const shared = openMemorySharedState();
  const user = openUser();
  const ask = await openReplica(user.authenticate, { shared, now: () => time.ms, ...options });
  return { ...user, ask, shared, time };
}

test('requests of one token that come together share one question, and those after them ask none', async () => {
  const { ask, member } = await openOne();
  const statuses = await Promise.all(Array.from({ length: 100 }, () => ask()));
  for (let count = 0; count < 100; count++) statuses.push(await ask());
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(member.questions).toBe(1);
});

test('a session that ended unheard is refused four seconds after the question, however long its answer took', async () => {
  const { ask, member, time } = await openOne();
  const arrival = Promise.withResolvers<void>();
  member.onTheWay = arrival.promise;
  const first = ask();
  await waitFor(() => member.questions === 1, { what: 'the question' });
  member.isEnded = true;
  time.ms += 3_000;
  arrival.resolve();
  expect(await first).toBe(200);
  time.ms += 999;
  expect(await ask()).toBe(200);
  time.ms += 1;
  expect(await ask()).toBe(401);
});

test('an answer that took longer than it may be remembered serves the one who asked, and nobody who came later', async () => {
  const { ask, member, time } = await openOne();
  const arrival = Promise.withResolvers<void>();
  member.onTheWay = arrival.promise;
  const first = ask();
  await waitFor(() => member.questions === 1, { what: 'the question' });
  const late = ask();
  member.isEnded = true;
  time.ms += 4_000;
  arrival.resolve();
  expect([await first, await late]).toEqual([200, 401]);
});

test.each(['sessionId', 'accountId'] as const)('a message about the %s is acted on at once', async (id) => {
  const { ask, member, shared } = await openOne();
  expect(await ask()).toBe(200);
  member.isEnded = true;
  await shared.publish(sessionsEndedTopic, member[id]);
  expect(await ask()).toBe(401);
});

test('an answer on its way while the session ends is neither remembered nor used for who came after', async () => {
  const { ask, member, shared } = await openOne();
  const arrival = Promise.withResolvers<void>();
  member.onTheWay = arrival.promise;
  const before = ask();
  await waitFor(() => member.questions === 1, { what: 'the question' });
  member.isEnded = true;
  await shared.publish(sessionsEndedTopic, member.sessionId);
  const after = ask();
  arrival.resolve();
  expect(await before).toBe(200);
  expect(await after).toBe(401);
  expect(await ask()).toBe(401);
});

test('messages cost questions at most: what they say is never believed', async () => {
  const { ask, member, shared } = await openOne();
  await ask();
  for (const message of [newId(), '', 'x'.repeat(10_000), '{"roles":["creator"]}', member.accountId]) {
    await shared.publish(sessionsEndedTopic, message);
    expect(await ask()).toBe(200);
  }
  expect(member.questions).toBe(2);
  member.isEnded = true;
  await shared.publish(sessionsEndedTopic, member.sessionId);
  await shared.publish(sessionsEndedTopic, newId());
  expect(await ask()).toBe(401);
});

test('a role holds at once, and asking for it together costs at most two questions', async () => {
  const { ask, member } = await openOne();
  expect(await ask('/creators')).toBe(403);
  expect(await ask('/mine')).toBe(200);
  member.roles.push('creator');
  expect(await ask('/creators')).toBe(200);
  expect(await ask('/creators')).toBe(200);
  expect(member.questions).toBe(2);
  const other = await openOne();
  const statuses = await Promise.all(Array.from({ length: 50 }, () => other.ask('/creators')));
  expect(new Set(statuses)).toEqual(new Set([403]));
  expect(other.member.questions).toBeLessThanOrEqual(2);
});

test('a question that failed is asked again', async () => {
  const { ask, member } = await openOne();
  member.isEnded = true;
  expect(await ask()).toBe(401);
  member.isEnded = false;
  expect(await ask()).toBe(200);
  expect(await ask('/mine', 'another')).toBe(401);
});

test('where nothing is remembered every request asks', async () => {
  const { ask, member } = await openOne({ isRemembered: false });
  for (let count = 0; count < 3; count++) await ask();
  expect(member.questions).toBe(3);
});

testWithRedis('two replicas refuse a session that ended at once, and within five seconds without Redis', async () => {
  const redis = await startTestRedis();
  const open = () => {
    const shared = openRedisSharedState({ url: redis.url, log });
    onTestFinished(shared.close);
    return shared;
  };
  const publisher = open();
  const states = [open(), open()];
  const time = { ms: 1_000 };
  const { member, authenticate } = openUser();
  const replicas = await Promise.all(states.map((shared) => openReplica(authenticate, { shared, now: () => time.ms })));
  const statuses = () => Promise.all(replicas.map((ask) => ask()));
  const isShared = () => [publisher, ...states].every((shared) => shared.state() === 'ready');
  await waitFor(isShared, { what: 'all to be connected' });

  expect(await statuses()).toEqual([200, 200]);
  member.isEnded = true;
  expect(await statuses()).toEqual([200, 200]);
  await publisher.publish(sessionsEndedTopic, member.sessionId);
  await waitFor(async () => (await statuses()).every((status) => status === 401), { what: 'both to hear' });

  member.isEnded = false;
  await redis.stop();
  await waitFor(() => !isShared(), { what: 'Redis to be away' });
  expect(await statuses()).toEqual([200, 200]);
  member.isEnded = true;
  await publisher.publish(sessionsEndedTopic, member.sessionId);
  time.ms += 3_999;
  expect(await statuses()).toEqual([200, 200]);
  time.ms += 1;
  expect(await statuses()).toEqual([401, 401]);
});
