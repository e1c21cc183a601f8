import { fromBinary } from '@bufbuild/protobuf';
import { MatchAnsweredSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { consentVersion } from '@kilas/messages/consent.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, matches, publish, matchOf, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });

type Item = {
  photoId: string;
  previewUrl: string | null;
  match: { distance: number; isSure: boolean; answer: string };
};
const list = async (url: string, member: Member): Promise<Item[]> => (await get(url, member)).json().items;
const shown = async (member: Member) => (await list('/v1/explore', member)).map(({ photoId }) => photoId);
const asked = async (member: Member) => (await list('/v1/explore/questions', member)).map(({ photoId }) => photoId);
const answer = async (member: Member, photoId: string, said: 'confirmed' | 'rejected') =>
  (await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: said })).statusCode;

/** A photo in which the member may be. */
async function addUnsure(member: Member, match: object = {}): Promise<string> {
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId, isUnsure: true, ...match }]);
  return photoId;
}

test('a member is asked about an unsure match, sees its preview, and is not shown it as found', async () => {
  const member = await signUp();
  const photoId = await addUnsure(member);
  expect(await shown(member)).toEqual([]);
  const [question] = await list('/v1/explore/questions', member);
  expect(question).toMatchObject({ photoId, match: { isSure: false, answer: 'suggested' } });
  const page = (await get(`/v1/photos/${photoId}`, member)).json();
  expect(page).toMatchObject({ photoId, match: { isSure: false } });
  expect(page.previewUrl).toEqual(expect.any(String));
});

test('nobody else is asked, and nobody without a name', async () => {
  const [member, stranger] = [await signUp(), await signUp()];
  const photoId = await addUnsure(member);
  expect(await asked(stranger)).toEqual([]);
  expect((await get(`/v1/photos/${photoId}`, stranger)).status).toBe(404);
  expect((await get('/v1/explore/questions')).status).toBe(401);
});

test('an unsure match outside the cut is neither asked about nor opens the photo', async () => {
  const member = await signUp();
  const photoId = await addUnsure(member, { level: 2 });
  expect(await asked(member)).toEqual([]);
  expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(404);
  expect(await answer(member, photoId, 'confirmed')).toBe(404);
  await send('PATCH', '/v1/me', member, { matchLevel: 2 });
  expect(await asked(member)).toEqual([photoId]);
});

test('a confirmed question is a match like any other, a rejected one is not asked again', async () => {
  const member = await signUp();
  const [mine, another] = [await addUnsure(member), await addUnsure(member)];
  expect(await answer(member, mine, 'confirmed')).toBe(204);
  expect(await answer(member, another, 'rejected')).toBe(204);
  expect(await shown(member)).toEqual([mine]);
  expect(await asked(member)).toEqual([]);
  await recognise(another, [{ photoId: another, memberId: member.accountId, isUnsure: true, distance: 0.1 }]);
  await recognise(another, [{ photoId: another, memberId: member.accountId, distance: 0.2 }]);
  expect(await asked(member)).toEqual([]);
  expect(await shown(member)).toEqual([mine]);
});

test('an answer may be changed, both ways, as often as the member sees it otherwise', async () => {
  const member = await signUp();
  const photoId = await addUnsure(member);
  for (const said of ['confirmed', 'rejected', 'rejected', 'confirmed', 'confirmed'] as const) {
    expect(await answer(member, photoId, said), said).toBe(204);
    expect(await shown(member)).toEqual(said === 'confirmed' ? [photoId] : []);
    expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(said === 'confirmed' ? 200 : 404);
  }
});

test('no notice speaks of what a member is only asked about', async () => {
  const member = await signUp({ consent: true });
  const { accountId: memberId } = member;
  const question = await addUnsure(member);
  const found = await publish({ creatorId: creator.accountId });
  await recognise(found, [{ photoId: found, memberId }]);
  const inbox = async () => JSON.stringify((await get('/v1/me/notifications', member)).json().items);
  // Facts about one member arrive in order: what would tell of the question came before.
  await waitFor(async () => (await inbox()).includes(found), { what: 'the notice of what is sure' });
  expect(await inbox()).not.toContain(question);
});

test('a question opens the photo and not its event, nor a place in the list of one', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const { eventId } = await createEvent(creator);
  const add = async (isUnsure: boolean) => {
    const photoId = await publish({ creatorId: creator.accountId, eventId });
    await recognise(photoId, [{ photoId, memberId, isUnsure }]);
    return photoId;
  };
  const question = await add(true);
  expect((await get(`/v1/photos/${question}`, member)).status).toBe(200);
  expect((await get(`/v1/events/${eventId}`, member)).status).toBe(404);
  const found = await add(false);
  const photos = await list(`/v1/events/${eventId}/photos`, member);
  expect(photos.map(({ photoId }) => photoId)).toEqual([found]);
});

test('a photo that its creator hides is not asked about meanwhile', async () => {
  const member = await signUp();
  const photoId = await addUnsure(member);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  expect(await asked(member)).toEqual([]);
  expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(404);
});

test('of two faces of one photo a sure one counts before a nearer one that is not, in whichever order they are told', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const sure = { memberId, distance: 0.5, left: 0.1 };
  const unsure = { memberId, distance: 0.1, left: 0.6, isUnsure: true };
  for (const order of [[[sure], [unsure]], [[unsure], [sure]], [[unsure, sure]]]) {
    const photoId = await publish({ creatorId: creator.accountId });
    for (const found of order)
      await matches.recordMatches({ matches: found.map((one) => matchOf({ ...one, photoId })) });
    expect((await get(`/v1/photos/${photoId}`, member)).json().match).toMatchObject({ isSure: true, distance: 0.5 });
  }
});

test('a sure face that nobody is shown by default gives way to a nearer one that is asked about, in whichever order', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const sure = { memberId, distance: 0.58, level: 2, left: 0.1 };
  const unsure = { memberId, distance: 0.1, left: 0.6, isUnsure: true };
  for (const order of [[[sure], [unsure]], [[unsure], [sure]], [[sure, unsure]]]) {
    const photoId = await publish({ creatorId: creator.accountId });
    for (const found of order)
      await matches.recordMatches({ matches: found.map((one) => matchOf({ ...one, photoId })) });
    expect((await get(`/v1/photos/${photoId}`, member)).json().match).toMatchObject({ isSure: false, distance: 0.1 });
  }
});

test('the same match told again is asked about from then on, or shown', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  const facecamId = crypto.randomUUID();
  const tell = (match: object) =>
    matches.recordMatches({ matches: [matchOf({ photoId, memberId, facecamId, distance: 0.4, ...match })] });
  await tell({});
  await tell({ isUnsure: true });
  expect([await shown(member), await asked(member)]).toEqual([[], [photoId]]);
  await tell({});
  expect([await shown(member), await asked(member)]).toEqual([[photoId], []]);
  // The same face by a nearer facecam, and by then nearer still to somebody else.
  await tell({ facecamId: crypto.randomUUID(), distance: 0.3, isUnsure: true });
  expect([await shown(member), await asked(member)]).toEqual([[], [photoId]]);
});

/** Stands where ai is and keeps what it is told of answers. */
function listenForAnswers() {
  const told: { key: string; photoId: string; said: string; consentEpoch: number; mayBeTemplate: boolean }[] = [];
  const leave = system.network.serve('ai', {
    interceptors: [],
    routes: (router) => {
      router.service(EventService, {
        deliver: ({ type, key, payload }) => {
          if (type !== MatchAnsweredSchema.typeName) return {};
          const { photoId, answer: said, consentEpoch, mayBeTemplate, box } = fromBinary(MatchAnsweredSchema, payload);
          expect(box?.left).toBe(0.25);
          told.push({ key, photoId, said, consentEpoch, mayBeTemplate });
          return {};
        },
      });
    },
  });
  onTestFinished(leave);
  return async (member: Member, count: number) => {
    const mine = () => told.filter(({ key }) => key === member.accountId);
    await waitFor(() => mine().length >= count, { what: 'ai to be told', timeoutMs: 15_000 });
    return mine().map(({ key: _, ...answered }) => answered);
  };
}

test('ai is told what a member answers, once for each change, in order', async () => {
  const toldOf = listenForAnswers();
  const member = await signUp({ consent: true });
  const photoId = await addUnsure(member, { left: 0.25 });
  for (const said of ['confirmed', 'confirmed', 'rejected', 'rejected', 'confirmed'] as const) {
    expect(await answer(member, photoId, said)).toBe(204);
  }
  const fact = { photoId, consentEpoch: 1 };
  expect(await toldOf(member, 3)).toEqual([
    { ...fact, said: 'confirmed', mayBeTemplate: true },
    { ...fact, said: 'rejected', mayBeTemplate: false },
    { ...fact, said: 'confirmed', mayBeTemplate: true },
  ]);
});

test('under an older consent ai is told that there may be no template; under the newer one, confirmed again, that there may', async () => {
  const toldOf = listenForAnswers();
  const member = await signUp();
  await giveOlderConsent(member);
  const photoId = await addUnsure(member, { left: 0.25 });
  for (let time = 0; time < 2; time++) expect(await answer(member, photoId, 'confirmed')).toBe(204);
  const payload = { version: consentVersion };
  expect((await send('PUT', '/v1/me/consent', member, payload)).statusCode).toBe(200);
  for (let time = 0; time < 2; time++) expect(await answer(member, photoId, 'confirmed')).toBe(204);
  expect(await answer(member, photoId, 'rejected')).toBe(204);
  const fact = { photoId, consentEpoch: 1 };
  expect(await toldOf(member, 3)).toEqual([
    { ...fact, said: 'confirmed', mayBeTemplate: false },
    { ...fact, said: 'confirmed', mayBeTemplate: true },
    { ...fact, said: 'rejected', mayBeTemplate: false },
  ]);
});

test('a consent lets no face become a template that was found under another one', async () => {
  const toldOf = listenForAnswers();
  const member = await signUp({ consent: true });
  const photoId = await addUnsure(member, { consentEpoch: 3, left: 0.25 });
  expect(await answer(member, photoId, 'confirmed')).toBe(204);
  expect(await toldOf(member, 1)).toEqual([{ photoId, consentEpoch: 3, said: 'confirmed', mayBeTemplate: false }]);
});

test.each(['mayBeTemplate', 'consentEpoch', 'consentCoversConfirmedFaces', 'memberId'])(
  'what a member consented to says their token alone: an answer with a %s is refused',
  async (field) => {
    const member = await signUp();
    const photoId = await addUnsure(member);
    const payload = { answer: 'confirmed', [field]: true };
    expect((await send('PUT', `/v1/photos/${photoId}/match`, member, payload)).statusCode).toBe(400);
    expect(await asked(member)).toEqual([photoId]);
  },
);

/** To the text before templates were made of photos. */
async function giveOlderConsent({ accountId }: Member): Promise<void> {
  const given =
    "insert into consents (id, account_id, epoch, version, given_at) values ($1, $2, 1, '2026-11-25', '2026-11-26')";
  await query(system.databaseUrls.user, given, [newId(), accountId]);
}

test('a member who answers without end has to wait, others do not', async () => {
  const [restless, calm] = [await signUp(), await signUp()];
  const nowhere = crypto.randomUUID();
  for (let batch = 0; batch < 20; batch++) {
    const codes = await Promise.all(Array.from({ length: 50 }, () => answer(restless, nowhere, 'confirmed')));
    expect(new Set(codes)).toEqual(new Set([404]));
  }
  expect(await answer(restless, nowhere, 'confirmed')).toBe(429);
  expect(await answer(calm, nowhere, 'confirmed')).toBe(404);
});

test('questions come in pages, each once', async () => {
  const member = await signUp();
  const expected = [await addUnsure(member), await addUnsure(member), await addUnsure(member)];
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await get(`/v1/explore/questions?limit=2${cursor && `&cursor=${cursor}`}`, member)).json();
    seen.push(...page.items.map(({ photoId }: Item) => photoId));
    cursor = page.nextCursor;
  }
  expect(seen.sort()).toEqual(expected.sort());
});
