import { createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

let system: TestSystem;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  member = await signUpMember(system);
});
afterAll(() => system.close());

const me = (headers = member.headers) => system.app.inject({ url: '/v1/me', headers });
const patch = (payload: object) =>
  system.app.inject({ method: 'PATCH', url: '/v1/me', headers: member.headers, payload });

test('a member sees their account, and no secret of it', async () => {
  const account = (await me()).json();
  expect(account).toEqual({
    accountId: member.accountId,
    username: member.username,
    email: member.email,
    emailVerified: true,
    roles: [],
    creator: null,
    matchLevel: null,
    locale: 'en',
    timeZone: 'Asia/Jakarta',
    consent: { isGiven: false, epoch: 0, version: null, givenAt: null },
    createdAt: expect.any(String),
  });
});

test('a member chooses a match level and a language, and leaves the level to the default again', async () => {
  expect((await patch({ matchLevel: 9 })).json()).toMatchObject({ matchLevel: 9, locale: 'en' });
  expect((await patch({ locale: 'id' })).json()).toMatchObject({ matchLevel: 9, locale: 'id' });
  expect((await patch({ matchLevel: null })).json()).toMatchObject({ matchLevel: null, locale: 'id' });
  expect((await patch({})).statusCode).toBe(200);
});

test("a member chooses the time zone of their camera's clock, and leaves it to the default again", async () => {
  expect((await patch({ timeZone: 'Asia/Makassar' })).json()).toMatchObject({ timeZone: 'Asia/Makassar' });
  const { accessToken, sessions } = { accessToken: member.token, sessions: system.peersAs('upload')('user') };
  const { timeZone } = await createClient(SessionService, sessions).authenticate({ accessToken });
  expect(timeZone).toBe('Asia/Makassar');
  for (const unknown of ['Asia/Atlantis', 'IST', '+07:00', '', 'utc']) {
    expect((await patch({ timeZone: unknown })).json()).toMatchObject({ status: 400, code: 'TIME_ZONE_UNKNOWN' });
  }
  expect((await patch({ timeZone: null })).json()).toMatchObject({ timeZone: 'Asia/Jakarta' });
});

test.each([
  { matchLevel: 0 },
  { matchLevel: 10 },
  { matchLevel: 4.5 },
  { locale: 'fr' },
  { username: 'another' },
  { roles: ['operator'] },
  { accountId: '01a1fcff-4a7e-7b61-bf89-3e6463b45789', matchLevel: 3 },
])('%j is refused', async (payload) => {
  expect((await patch(payload)).statusCode).toBe(400);
});

test('the settings of one member are not those of another', async () => {
  const other = await signUpMember(system);
  await patch({ matchLevel: 2 });
  expect((await me(other.headers)).json()).toMatchObject({ accountId: other.accountId, matchLevel: null });
});

test('what is no access token opens nothing', async () => {
  for (const authorization of [`Bearer ${member.refreshToken}`, `Basic ${member.token}`, 'Bearer']) {
    expect((await me({ authorization })).json()).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
  }
});

test('settings that change without end have to wait, those of others do not', async () => {
  const restless = await signUpMember(system);
  const change = (headers: Member['headers']) =>
    system.app.inject({ method: 'PATCH', url: '/v1/me', headers, payload: {} });
  for (let count = 0; count < 120; count++) expect((await change(restless.headers)).statusCode).toBe(200);
  expect((await change(restless.headers)).json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  expect((await change(member.headers)).statusCode).toBe(200);
});
