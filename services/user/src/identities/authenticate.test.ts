import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { consentVersion } from '@kilas/messages/consent.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import {
  createServiceSigner,
  createServiceVerifier,
  newServiceKey,
  publicHalfOf,
} from '@kilas/platform/rpc/service-token.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

const clock = drivenClock();
const { privateKeyPem } = newServiceKey();
const userKey = createPrivateKey(privateKeyPem);
let system: TestSystem;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], clock, env: { SERVICE_PRIVATE_KEY: privateKeyPem } });
  member = await signUpMember(system);
});
afterAll(() => system.close());

function authenticate(accessToken: string, caller: 'upload' | 'photo' | 'transaction' | 'ai' = 'photo') {
  return createClient(SessionService, system.peersAs(caller)('user')).authenticate({ accessToken });
}

async function reasonOf(accessToken: string): Promise<string | undefined> {
  return authenticate(accessToken).then(
    () => undefined,
    (error: unknown) => refusalOf(error)?.reason,
  );
}

/** A token like ours, but for what differs. */
function token(differs: { key?: KeyObject; audience?: string; issuer?: string; typ?: string; subject?: string } = {}) {
  const now = clock.now();
  const jwt = new SignJWT({ sid: claimsOf(member.token).sid })
    .setProtectedHeader({ alg: 'EdDSA', typ: differs.typ ?? 'at+jwt' })
    .setIssuer(differs.issuer ?? 'kilas')
    .setAudience(differs.audience ?? 'kilas-api')
    .setSubject(differs.subject ?? member.accountId)
    .setIssuedAt(now)
    .setExpirationTime(new Date(now.getTime() + 60_000))
    .setJti(newId());
  return jwt.sign(differs.key ?? userKey);
}

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}

test('the services that serve members learn whose access token it is', async () => {
  for (const caller of ['upload', 'photo', 'transaction'] as const) {
    const answer = await authenticate(member.token, caller);
    expect(answer).toMatchObject({ accountId: member.accountId, roles: [], consentEpoch: 0, matchLevel: 0 });
  }
});

test('ai, which knows no people, may not ask', async () => {
  const error = await authenticate(member.token, 'ai').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ code: Code.PermissionDenied });
});

test('roles, consent and match level are those of this moment', async () => {
  const creator = await signUpMember(system, { creator: true, consent: true });
  const payload = { matchLevel: 7 };
  await system.app.inject({ method: 'PATCH', url: '/v1/me', headers: creator.headers, payload });
  expect(await authenticate(creator.token)).toMatchObject({ roles: ['creator'], consentEpoch: 1, matchLevel: 7 });
  await system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers: creator.headers });
  expect(await authenticate(creator.token)).toMatchObject({ consentEpoch: 0 });
});

test('an older consent covers no confirmed faces until its member agrees to the text as it is now', async () => {
  const { accountId, headers, token: accessToken } = await signUpMember(system);
  const covers = async () => {
    const { consentEpoch, consentCoversConfirmedFaces } = await authenticate(accessToken);
    return { consentEpoch, consentCoversConfirmedFaces };
  };
  expect(await covers()).toEqual({ consentEpoch: 0, consentCoversConfirmedFaces: false });
  await giveOlderConsent(accountId);
  expect(await covers()).toEqual({ consentEpoch: 1, consentCoversConfirmedFaces: false });
  const agree = { method: 'PUT', url: '/v1/me/consent', headers, payload: { version: consentVersion } } as const;
  expect((await system.app.inject(agree)).statusCode).toBe(200);
  expect(await covers()).toEqual({ consentEpoch: 1, consentCoversConfirmedFaces: true });
  await system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers });
  expect(await covers()).toEqual({ consentEpoch: 0, consentCoversConfirmedFaces: false });
  await system.app.inject(agree);
  expect(await covers()).toEqual({ consentEpoch: 2, consentCoversConfirmedFaces: true });
});

/** To the text before the one of now. */
async function giveOlderConsent(accountId: string): Promise<void> {
  const given =
    "insert into consents (id, account_id, epoch, version, given_at) values ($1, $2, 1, '2026-11-25', '2026-11-26')";
  await query(system.databaseUrls.user, given, [newId(), accountId]);
}

test('a token like ours is good, so that the following refusals are for what differs', async () => {
  expect(await reasonOf(await token())).toBeUndefined();
});

test('a token signed by another key is refused', async () => {
  expect(await reasonOf(await token({ key: generateKeyPairSync('ed25519').privateKey }))).toBe('TOKEN_INVALID');
});

test.each([
  ['audience', { audience: 'photo' }],
  ['issuer', { issuer: 'user' }],
  ['type', { typ: 'JWT' }],
])('a token of ours with another %s is refused', async (_what, differs) => {
  expect(await reasonOf(await token(differs))).toBe('TOKEN_INVALID');
});

test('a token whose session belongs to somebody else is refused', async () => {
  expect(await reasonOf(await token({ subject: newId() }))).toBe('SESSION_ENDED');
});

test('a token that names its own algorithm is refused', async () => {
  const [, claims = ''] = member.token.split('.');
  const encode = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');
  expect(await reasonOf(`${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.`)).toBe('TOKEN_INVALID');
  // The public key as an HMAC secret: what a library without a pinned algorithm falls for.
  const head = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${claims}`;
  const publicPem = publicHalfOf(userKey).export({ type: 'spki', format: 'pem' });
  const forged = createHmac('sha256', publicPem).update(head).digest('base64url');
  expect(await reasonOf(`${head}.${forged}`)).toBe('TOKEN_INVALID');
});

test.each(['', 'nonsense', 'a.b.c', 'x'.repeat(5000)])('%j is no access token', async (nonsense) => {
  expect(await reasonOf(nonsense)).toBe('TOKEN_INVALID');
});

test('a service token is no access token, and an access token is no service token', async () => {
  for (const audience of ['user', 'photo', 'kilas-api']) {
    const serviceToken = await createServiceSigner('user', userKey, clock)(audience);
    expect(await reasonOf(serviceToken)).toBe('TOKEN_INVALID');
  }
  for (const audience of ['user', 'photo', 'upload', 'transaction', 'ai']) {
    const verify = createServiceVerifier(audience, { user: publicHalfOf(userKey) }, clock);
    expect(await verify(member.token)).toBeUndefined();
  }
});

test('an access token lives ten minutes and tells no two apart by time alone', async () => {
  const { jti, iat, exp } = claimsOf(member.token);
  expect(Number(exp) - Number(iat)).toBe(600);
  expect(jti).not.toBe(claimsOf((await signUpMember(system)).token).jti);
  clock.advance(600);
  expect(await reasonOf(member.token)).toBe('TOKEN_EXPIRED');
});
