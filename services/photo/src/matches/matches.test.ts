import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code, createClient } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { isShownByDefault, usualCut } from '@kilas/matching/default-cut.ts';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, matches, publish, matchOf, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });

type Item = { photoId: string; match: { distance: number; level: number; answer: string } };
const explore = async (member: Awaited<ReturnType<typeof signUp>>, query = ''): Promise<Item[]> =>
  (await get(`/v1/explore?limit=100${query}`, member)).json().items;

test('a repeated recognition keeps the nearest face, counts no face twice and tells the member once', async () => {
  const member = await signUp({ consent: true });
  const photoId = await publish({ creatorId: creator.accountId });
  const { accountId: memberId } = member;
  await recognise(
    photoId,
    [
      { photoId, memberId, distance: 0.45 },
      { photoId, memberId, distance: 0.41 },
    ],
    2,
  );
  await Promise.all([
    recognise(photoId, [{ photoId, memberId, distance: 0.43 }], 2),
    recognise(photoId, [{ photoId, memberId, distance: 0.4 }], 2),
  ]);
  const [item, ...rest] = await explore(member);
  expect(rest).toEqual([]);
  expect(item?.match.distance).toBe(0.4);
  const own = (await get('/v1/creator/photos', creator)).json().items;
  expect(own.find((photo: Item) => photo.photoId === photoId)).toMatchObject({ faceCount: 2, recognition: 'done' });
  const inbox = () => get('/v1/me/notifications', member).then((reply) => reply.json().items);
  await waitFor(async () => (await inbox()).length > 0, { what: 'the notice of the match' });
  expect(await inbox()).toHaveLength(1);
  expect(JSON.stringify(await inbox())).toContain('"photoCount":1');
});

test("a creator's own photos never match the creator", async () => {
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: creator.accountId }]);
  expect(await explore(creator)).toEqual([]);
  const kept = 'select 1 from matches where member_id = $1';
  expect(await query(system.databaseUrls.photo, kept, [creator.accountId])).toEqual([]);
});

test('a photo that is recognised again counts once among the faces that were searched', async () => {
  const { accountId: creatorId } = await signUp({ creator: true });
  const photoId = await publish({ creatorId });
  await recognise(photoId, [], 2);
  await recognise(photoId, [], 3);
  const searched = 'select face_count::int as faces from galleries where gallery_id = $1';
  expect(await query(system.databaseUrls.photo, searched, [creatorId])).toEqual([{ faces: 3 }]);
});

test('a rejected pair never comes back by itself, a confirmed one stays whatever the level', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const [rejected, confirmed] = [
    await publish({ creatorId: creator.accountId }),
    await publish({ creatorId: creator.accountId }),
  ];
  await recognise(rejected, [{ photoId: rejected, memberId }]);
  await recognise(confirmed, [{ photoId: confirmed, memberId, level: 3, distance: 0.59 }]);
  expect((await send('PUT', `/v1/photos/${rejected}/match`, member, { answer: 'rejected' })).statusCode).toBe(204);
  expect((await send('PUT', `/v1/photos/${confirmed}/match`, member, { answer: 'confirmed' })).statusCode).toBe(204);
  await recognise(rejected, [{ photoId: rejected, memberId, distance: 0.1 }]);
  await matches.recordMatches({ matches: [matchOf({ photoId: rejected, memberId, distance: 0.05 })] });
  expect((await explore(member, '&levelMin=9')).map(({ photoId }) => photoId)).toEqual([confirmed]);
  expect((await get(`/v1/photos/${rejected}`, member)).status).toBe(404);
});

test('nobody answers for a photo in which they were not found', async () => {
  const stranger = await signUp();
  const photoId = await publish({ creatorId: creator.accountId });
  expect((await send('PUT', `/v1/photos/${photoId}/match`, stranger, { answer: 'confirmed' })).statusCode).toBe(404);
});

test('matches of a withdrawn consent are erased, and a job in flight cannot write them back', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId, consentEpoch: 1 }]);
  const events = createClient(EventService, system.peersAs('user')('photo'));
  const withdrawal = {
    eventId: randomUUID(),
    type: ConsentWithdrawnSchema.typeName,
    payload: toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch: 1 })),
  };
  expect((await events.deliver(withdrawal)).effects).toEqual({ matches: 1, keptPhotos: 0 });
  expect((await events.deliver(withdrawal)).effects).toEqual({ matches: 1, keptPhotos: 0 });
  await matches.recordMatches({ matches: [matchOf({ photoId, memberId, consentEpoch: 1 })] });
  await recognise(photoId, [{ photoId, memberId, consentEpoch: 1 }]);
  expect(await explore(member)).toEqual([]);
  await matches.recordMatches({ matches: [matchOf({ photoId, memberId, consentEpoch: 2 })] });
  expect(await explore(member)).toHaveLength(1);
});

test('a late withdrawal of an old consent leaves the matches of a new one', async () => {
  const { accountId: memberId, ...member } = await signUp();
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId, consentEpoch: 2 }]);
  const events = createClient(EventService, system.peersAs('user')('photo'));
  await events.deliver({
    eventId: randomUUID(),
    type: ConsentWithdrawnSchema.typeName,
    payload: toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch: 1 })),
  });
  expect(await explore({ accountId: memberId, ...member })).toHaveLength(1);
});

test('a withdrawal takes the matches of all consents up to it, and the word of an older one takes nothing back', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const photoIds = [await publish({ creatorId: creator.accountId }), await publish({ creatorId: creator.accountId })];
  const [first = '', second = ''] = photoIds;
  await recognise(first, [{ photoId: first, memberId, consentEpoch: 1 }]);
  await recognise(second, [{ photoId: second, memberId, consentEpoch: 2 }]);
  const events = createClient(EventService, system.peersAs('user')('photo'));
  const withdraw = (epoch: number) =>
    events.deliver({
      eventId: randomUUID(),
      type: ConsentWithdrawnSchema.typeName,
      payload: toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch })),
    });
  expect((await withdraw(2)).effects).toMatchObject({ matches: 2 });
  await withdraw(1);
  await matches.recordMatches({ matches: [matchOf({ photoId: second, memberId, consentEpoch: 2 })] });
  expect(await explore(member)).toEqual([]);
});

test('a match under a new consent outlives the late withdrawal of the one before, also when its face is farther', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId, consentEpoch: 1, distance: 0.3 }]);
  await matches.recordMatches({ matches: [matchOf({ photoId, memberId, consentEpoch: 2, distance: 0.4 })] });
  // A job that began under the first consent ends late.
  await matches.recordMatches({ matches: [matchOf({ photoId, memberId, consentEpoch: 1, distance: 0.2 })] });
  const { effects } = await createClient(EventService, system.peersAs('user')('photo')).deliver({
    eventId: randomUUID(),
    type: ConsentWithdrawnSchema.typeName,
    payload: toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch: 1 })),
  });
  expect(effects).toEqual({ matches: 0, keptPhotos: 0 });
  expect((await explore(member)).map(({ match }) => match.distance)).toEqual([0.4]);
});

test('nobody is told of photos that explore does not show them', async () => {
  const member = await signUp({ consent: true });
  const { accountId: memberId } = member;
  const { eventId } = await createEvent(creator);
  const [far, near] = [
    await publish({ creatorId: creator.accountId, eventId }),
    await publish({ creatorId: creator.accountId, eventId }),
  ];
  await recognise(far, [{ photoId: far, memberId, level: 3, falseMatchRate: 1e-3 }], 1_000);
  await recognise(near, [{ photoId: near, memberId }]);
  const inbox = async () => JSON.stringify((await get('/v1/me/notifications', member)).json().items);
  // Facts about one member arrive in order: what would tell of the far one came before.
  await waitFor(async () => (await inbox()).includes(near), { what: 'the notice of the near match' });
  expect(await inbox()).not.toContain(far);
});

test('what a facecam found may be told twice, and at once: one match, one notice', async () => {
  const member = await signUp({ consent: true });
  const { accountId: memberId } = member;
  const photoIds = [await publish({ creatorId: creator.accountId }), await publish({ creatorId: creator.accountId })];
  const tell = () => matches.recordMatches({ matches: photoIds.map((photoId) => matchOf({ photoId, memberId })) });
  await Promise.all([tell(), tell(), tell()]);
  await tell();
  expect((await explore(member)).map(({ photoId }) => photoId).sort()).toEqual([...photoIds].sort());
  const last = await publish({ creatorId: creator.accountId });
  await matches.recordMatches({ matches: [matchOf({ photoId: last, memberId })] });
  const inbox = async () => JSON.stringify((await get('/v1/me/notifications', member)).json().items);
  await waitFor(async () => (await inbox()).includes(last), { what: 'the notice of the last match' });
  expect(await inbox()).toContain('"photoCount":3');
});

test('a forgotten facecam takes its matches along, but not those the member confirmed', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const facecamId = randomUUID();
  const [one, two] = [await publish({ creatorId: creator.accountId }), await publish({ creatorId: creator.accountId })];
  await matches.recordMatches({
    matches: [matchOf({ photoId: one, memberId, facecamId }), matchOf({ photoId: two, memberId, facecamId })],
  });
  await send('PUT', `/v1/photos/${two}/match`, member, { answer: 'confirmed' });
  await matches.forgetFacecam({ memberId, facecamId });
  expect((await explore(member)).map(({ photoId }) => photoId)).toEqual([two]);
});

test('what is told of a forgotten facecam, before, after or at the same moment, is not there afterwards', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  for (let round = 0; round < 10; round++) {
    const late = { photoId, memberId, facecamId: randomUUID() };
    await Promise.all([
      matches.recordMatches({ matches: [matchOf(late)] }),
      matches.forgetFacecam(late),
      recognise(photoId, [late]),
    ]);
    await recognise(photoId, [late]);
    expect(await explore(member)).toEqual([]);
  }
});

test('a forgotten facecam does not hide what another one found in the same call', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  const gone = { photoId, memberId, facecamId: randomUUID(), distance: 0.1 };
  await matches.forgetFacecam(gone);
  await matches.recordMatches({ matches: [matchOf(gone), matchOf({ photoId, memberId, distance: 0.3 })] });
  expect(await explore(member)).toMatchObject([{ photoId, match: { distance: 0.3 } }]);
});

test('matches of unknown photos are left out; recognition of one is refused', async () => {
  const member = await signUp();
  await matches.recordMatches({ matches: [matchOf({ photoId: randomUUID(), memberId: member.accountId })] });
  expect(await explore(member)).toEqual([]);
  await expect(recognise(randomUUID(), [])).rejects.toMatchObject({ code: Code.NotFound });
});

test("what is shown by default follows how many faces were searched; a level of one's own overrides it", async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const { eventId } = await createEvent(creator);
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  await recognise(photoId, [{ photoId, memberId, level: 4, falseMatchRate: 1e-4 }], 10);
  expect(await explore(member, `&eventId=${eventId}`)).toHaveLength(1);
  const crowd = await publish({ creatorId: creator.accountId, eventId });
  await recognise(crowd, [], 10_000);
  expect(await explore(member, `&eventId=${eventId}`)).toEqual([]);
  await send('PATCH', '/v1/me', member, { matchLevel: 4 });
  expect(await explore(member, `&eventId=${eventId}`)).toHaveLength(1);
  expect(await explore(member, `&eventId=${eventId}&levelMin=5`)).toEqual([]);
});

test('the default shows up to exactly the strangers configured, facecams and faces multiplied, and not one face more', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const { eventId } = await createEvent(creator);
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  // 2^-10 × 4 facecams × 128 faces = 0.5, exactly.
  const match = { level: 9, falseMatchRate: 2 ** -10, facecamCount: 4 };
  await recognise(photoId, [{ photoId, memberId, ...match }], 127);
  const another = await publish({ creatorId: creator.accountId, eventId });
  await recognise(another, [], 1);
  expect(isShownByDefault(usualCut(), match, 4 * 128)).toBe(true);
  expect(await explore(member, `&eventId=${eventId}`)).toHaveLength(1);
  const oneMore = await publish({ creatorId: creator.accountId, eventId });
  await recognise(oneMore, [], 1);
  expect(isShownByDefault(usualCut(), match, 4 * 129)).toBe(false);
  expect(await explore(member, `&eventId=${eventId}`)).toEqual([]);
  expect(isShownByDefault(usualCut(), { ...match, level: 2 }, 1)).toBe(false);
});

test('photos without an event are judged among the photos of their creator without one', async () => {
  const [member, alone, elsewhere] = [await signUp(), await signUp({ creator: true }), await signUp({ creator: true })];
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: alone.accountId });
  await recognise(photoId, [{ photoId, memberId, falseMatchRate: 2 ** -10 }], 512);
  const other = await publish({ creatorId: elsewhere.accountId });
  await recognise(other, [], 1_000_000);
  expect(await explore(member)).toHaveLength(1);
  const more = await publish({ creatorId: alone.accountId });
  await recognise(more, [], 1);
  expect(await explore(member)).toEqual([]);
});

test('a match explains itself by the numbers that the cut is made of', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const { eventId } = await createEvent(creator);
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  const quality = { eyeDistancePx: 84, sharpness: 0.5, exposure: 0.25, overall: 0.75 };
  const facecamId = randomUUID();
  const match = { photoId, memberId, facecamId, distance: 0.5, level: 7, falseMatchRate: 2 ** -20 };
  await recognise(photoId, [{ ...match, facecamCount: 2, quality }], 40);
  const expected = {
    level: 7,
    distance: 0.5,
    falseMatchRate: 2 ** -20,
    facesSearched: 40,
    facecamsSearched: 2,
    quality,
    isSure: true,
    answer: 'suggested',
    box: { left: 0.1, top: 0.2, width: 0.3, height: 0.4 },
  };
  expect((await explore(member, `&eventId=${eventId}`))[0]?.match).toEqual(expected);
  expect((await get(`/v1/photos/${photoId}`, member)).json().match).toEqual(expected);
  // The same match told again, after one more facecam and another calibration.
  await matches.recordMatches({
    matches: [matchOf({ ...match, level: 6, falseMatchRate: 2 ** -18, facecamCount: 3 })],
  });
  expect((await explore(member, `&eventId=${eventId}`))[0]?.match).toMatchObject({
    level: 6,
    falseMatchRate: 2 ** -18,
    facecamsSearched: 3,
    quality: null,
  });
});

test('pages by cursor hold every photo once, also when photos come in between', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const { eventId } = await createEvent(creator);
  const add = async (minute: number) => {
    const capturedLocal = `2026-05-01T08:${String(minute).padStart(2, '0')}:00`;
    const photoId = await publish({ creatorId: creator.accountId, eventId, capturedLocal });
    await recognise(photoId, [{ photoId, memberId }]);
    return photoId;
  };
  const expected = [];
  // Two of them share a second: the id decides.
  for (const minute of [1, 2, 3, 3, 4]) expected.push(await add(minute));
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = (await get(`/v1/explore?limit=2${query}`, member)).json();
    seen.push(...page.items.map(({ photoId }: Item) => photoId));
    if (seen.length === 2) await add(59);
    cursor = page.nextCursor;
  }
  expect([...seen].sort()).toEqual([...expected].sort());
  expect((await get('/v1/explore?cursor=nonsense', member)).status).toBe(400);
  expect((await get('/v1/explore?limit=1000', member)).status).toBe(400);
});

test('filters of explore: event, creator, time', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const second = await signUp({ creator: true });
  const { eventId } = await createEvent(creator);
  const inEvent = await publish({ creatorId: creator.accountId, eventId, capturedLocal: '2026-05-01T08:00:00' });
  const elsewhere = await publish({ creatorId: second.accountId });
  await recognise(inEvent, [{ photoId: inEvent, memberId }]);
  await recognise(elsewhere, [{ photoId: elsewhere, memberId }]);
  const ids = async (query: string) => (await explore(member, query)).map(({ photoId }) => photoId);
  expect(await ids(`&eventId=${eventId}`)).toEqual([inEvent]);
  expect(await ids(`&creatorId=${second.accountId}`)).toEqual([elsewhere]);
  expect(await ids('&from=2026-05-01T00:00:00Z&to=2026-05-01T02:00:00Z')).toEqual([inEvent]);
});

test('a photo that its creator hides stays in explore, marked, without a link', async () => {
  const member = await signUp();
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId }]);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  const [item] = (await get('/v1/explore', member)).json().items;
  expect(item).toMatchObject({ photoId, buyable: false, notBuyableReason: 'PHOTO_NOT_ON_SALE', previewUrl: null });
});
