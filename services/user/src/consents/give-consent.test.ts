import { consentText, consentVersion } from '@kilas/messages/consent.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let system: TestSystem;
let client: pg.Client;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  client = new pg.Client({ connectionString: system.databaseUrls.user });
  await client.connect();
});
beforeEach(async () => {
  member = await signUpMember(system);
});
afterAll(async () => {
  await client.end();
  await system.close();
});

const { stringify } = JSON;
const get = () => system.app.inject({ url: '/v1/me/consent', headers: member.headers });
const put = (payload: object = { version: consentVersion }) =>
  system.app.inject({ method: 'PUT', url: '/v1/me/consent', headers: member.headers, payload });
const withdraw = () => system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers: member.headers });

test('nobody has consented before they did, and the text is there to read', async () => {
  const response = await get();
  expect(response.json()).toEqual({
    isGiven: false,
    epoch: 0,
    version: null,
    givenAt: null,
    current: { version: consentVersion, text: consentText },
  });
});

test('consenting again changes nothing', async () => {
  const first = await put();
  expect(first.statusCode).toBe(200);
  expect(first.json()).toMatchObject({ isGiven: true, epoch: 1, version: consentVersion });
  expect((await put()).json()).toEqual(first.json());
});

test('two consents at once are one', async () => {
  const answers = await Promise.all([put(), put(), put()]);
  expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  const { rows } = await client.query('select epoch from consents where account_id = $1', [member.accountId]);
  expect(rows).toEqual([{ epoch: 1 }]);
});

test('only the text as it is now can be agreed to', async () => {
  const response = await put({ version: '2020-01-01' });
  expect(response.statusCode).toBe(409);
  expect(response.json()).toMatchObject({ code: 'CONSENT_VERSION_OUTDATED' });
  expect(response.json().detail).toContain(consentVersion);
  expect((await get()).json()).toMatchObject({ isGiven: false });
});

test('who agreed to an older text and agrees to the newer one keeps their epoch, and both are on record', async () => {
  const given =
    "insert into consents (id, account_id, epoch, version, given_at) values ($1, $2, 1, '2020-01-01', '2020-01-02')";
  await client.query(given, [newId(), member.accountId]);
  expect((await get()).json()).toMatchObject({ isGiven: true, epoch: 1, version: '2020-01-01' });
  expect((await put()).json()).toMatchObject({ isGiven: true, epoch: 1, version: consentVersion });
  await withdraw();
  const { rows } = await client.query<{ version: string; epoch: number; withdrawn: boolean }>(
    'select version, epoch, withdrawn_at is not null as withdrawn from consents where account_id = $1 order by given_at',
    [member.accountId],
  );
  expect(rows).toEqual([
    { version: '2020-01-01', epoch: 1, withdrawn: true },
    { version: consentVersion, epoch: 1, withdrawn: true },
  ]);
});

test('every consent after a withdrawal begins a new epoch', async () => {
  for (const epoch of [1, 2, 3]) {
    expect((await put()).json()).toMatchObject({ isGiven: true, epoch });
    expect((await withdraw()).statusCode).toBe(202);
    expect((await get()).json()).toMatchObject({ isGiven: false, epoch: 0 });
  }
});

test('nobody consents for another', async () => {
  const other = await signUpMember(system);
  for (const key of ['accountId', 'memberId', 'userId']) {
    expect((await put({ version: consentVersion, [key]: other.accountId })).statusCode, stringify(key)).toBe(400);
  }
});

test('who toggles their consent on and on has to wait, and can withdraw it all the same', async () => {
  for (let count = 0; count < 20; count++) expect((await put()).statusCode).toBe(200);
  const refused = await put();
  expect(refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await withdraw()).statusCode).toBe(202);
});
