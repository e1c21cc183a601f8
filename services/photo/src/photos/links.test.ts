import { randomUUID } from 'node:crypto';
import { Code, createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const signedLink = /"http[^"]*signature=[^"]*"/gi;

describe.each(['files', 's3'] as const)('with objects on %s', async (objects) => {
  const clock = drivenClock();
  const catalogue = await startCatalogue({ objects, clock });
  const { system, sales, keys, originalKeys, publish, recognise, createEvent, get, send, signUp } = catalogue;
  afterAll(() => system.close());
  const creator = await signUp({ creator: true });
  const other = await signUp({ creator: true });
  const member = await signUp();
  const keysIn = (text: string, of: readonly string[]) => of.filter((key) => text.includes(key.slice(3)));

  test("another's photo shows nothing: not its page, not a link, not whether it exists", async () => {
    const photoId = await publish({ creatorId: creator.accountId });
    for (const viewer of [member, other, undefined]) {
      const reply = await get(`/v1/photos/${photoId}`, viewer);
      expect(reply.status).toBe(404);
      expect(reply.body).not.toMatch(/http/);
      expect(keysIn(reply.body, keys)).toEqual([]);
      expect((await get(`/v1/photos/${randomUUID()}`, viewer)).json().code).toBe(reply.json().code);
    }
    const own = await get(`/v1/photos/${photoId}`, creator);
    expect(own.status).toBe(200);
    expect(keysIn(own.body, keys).length).toBeGreaterThan(0);
  });

  test('a photo in which chance alone may have put someone is not previewed by a guess of its id', async () => {
    const viewer = await signUp();
    const photoId = await publish({ creatorId: creator.accountId });
    await recognise(photoId, [{ photoId, memberId: viewer.accountId, level: 1 }]);
    const reply = await get(`/v1/photos/${photoId}`, viewer);
    expect(reply.status).toBe(404);
    expect(reply.body).not.toMatch(/http/);
    for (const list of ['cart', 'wishlist', 'favourites']) {
      expect((await send('PUT', `/v1/${list}/${photoId}`, viewer)).json().code).toBe('PHOTO_NOT_FOUND');
    }
    expect((await send('PUT', `/v1/photos/${photoId}/match`, viewer, { answer: 'confirmed' })).statusCode).toBe(404);
  });

  test('links are given to the photos that the viewer may see, and of the others nothing is said', async () => {
    const [owner, viewer] = [await signUp({ creator: true }), await signUp()];
    const { eventId, shareToken } = await createEvent(owner, { visibility: 'unlisted' });
    const [found, hidden, strange] = [
      await publish({ creatorId: owner.accountId }),
      await publish({ creatorId: owner.accountId, eventId }),
      await publish({ creatorId: owner.accountId }),
    ];
    const shared = await publish({ creatorId: owner.accountId, eventId });
    await recognise(found, [{ photoId: found, memberId: viewer.accountId }]);
    await send('PATCH', `/v1/photos/${hidden}`, owner, { hidden: true });
    const photoIds = [found, hidden, strange, shared, shared, randomUUID()];
    const linked = async (payload: object, by?: typeof member) => {
      const reply = await system.app.inject({
        method: 'POST',
        url: '/v1/photos/links',
        payload,
        headers: by?.headers ?? {},
      });
      expect(reply.statusCode).toBe(200);
      return reply
        .json()
        .items.map((item: { photoId: string }) => item.photoId)
        .toSorted();
    };
    expect(await linked({ photoIds }, viewer)).toEqual([found]);
    expect(await linked({ photoIds, share: shareToken }, viewer)).toEqual([found, shared].toSorted());
    expect(await linked({ photoIds, share: shareToken })).toEqual([shared]);
    expect(await linked({ photoIds })).toEqual([]);
    expect(await linked({ photoIds }, owner)).toEqual([found, hidden, strange, shared].toSorted());
    const many = (count: number) => send('POST', '/v1/photos/links', viewer, { photoIds: Array(count).fill(found) });
    expect([(await many(200)).statusCode, (await many(201)).statusCode]).toEqual([200, 400]);
  });

  test('the small images of a photo have links of their own; a photo of one size has one link for both', async () => {
    const creatorId = creator.accountId;
    const [sized, old] = [await publish({ creatorId }), await publish({ creatorId, isOld: true })];
    const { items } = (await send('POST', '/v1/photos/links', creator, { photoIds: [sized, old] })).json();
    const of = (photoId: string) => items.find((item: { photoId: string }) => item.photoId === photoId);
    const { linksExpireAt, photoId, ...links } = of(sized);
    expect(new Set(Object.values(links).map((url) => new URL(String(url)).pathname)).size).toBe(4);
    expect(of(old)).toMatchObject({ previewSmallUrl: of(old).previewUrl, thumbnailSmallUrl: of(old).thumbnailUrl });
    const typeOf = (url: string) => {
      const { searchParams: query } = new URL(url);
      return query.get('type') ?? query.get('response-content-type');
    };
    for (const url of Object.values(links)) expect(typeOf(String(url))).toBe('image/webp');
    expect([typeOf(of(old).previewUrl), typeOf(of(old).thumbnailUrl)]).toEqual(['image/jpeg', 'image/jpeg']);
    expect((await get(`/v1/photos/${sized}`, creator)).json()).toMatchObject(of(sized));
    expect((await get(`/v1/photos/${old}`, creator)).json().thumbhash).toBeNull();
  });

  test('a storage key shows only inside a signed link, and the original never', async () => {
    const photoId = await publish({ creatorId: creator.accountId });
    await recognise(photoId, [{ photoId, memberId: member.accountId }]);
    const replies = [
      await get(`/v1/photos/${photoId}`, member),
      await get(`/v1/photos/${photoId}`, creator),
      await get('/v1/creator/photos', creator),
      await get('/v1/explore', member),
    ];
    for (const { status, body } of replies) {
      expect(status).toBe(200);
      expect(keysIn(body, keys).length).toBeGreaterThan(0);
      expect(keysIn(body.replace(signedLink, '""'), keys)).toEqual([]);
      expect(keysIn(body, originalKeys)).toEqual([]);
      expect(body).not.toContain('originals/');
    }
    expect((await get(`/v1/photos/${photoId}`, member)).body).not.toContain('processed');
  });

  test('only transaction gets a link to an original, also of a hidden photo', async () => {
    const { eventId } = await createEvent(creator, { visibility: 'public' });
    const photoId = await publish({ creatorId: creator.accountId, eventId, title: 'Finish: "A/B"\n🏁' });
    await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
    const link = await sales.linkOriginal({ photoId });
    expect(keysIn(link.url, originalKeys)).toHaveLength(1);
    expect(new URL(link.url).pathname).toContain('originals/');
    expect(link.fileName).toBe('Finish A B.jpg');
    for (const caller of ['upload', 'ai', 'user'] as const) {
      const client = createClient(SaleService, system.peersAs(caller)('photo'));
      await expect(client.linkOriginal({ photoId })).rejects.toMatchObject({ code: Code.PermissionDenied });
    }
    await expect(sales.linkOriginal({ photoId: randomUUID() })).rejects.toMatchObject({ code: Code.NotFound });
  });

  test('a link to the original is to one object, for minutes', async (context) => {
    if (system.s3 === undefined) return context.skip('upload serves the links to files');
    const photoId = await publish({ creatorId: creator.accountId });
    const { url } = await sales.linkOriginal({ photoId });
    const [original = ''] = keysIn(url, originalKeys);
    // The signature is good: there is only no such object, as no upload is at work here.
    expect((await system.follow(url)).status).toBe(404);
    expect((await system.follow(url.replace(original, keys[0] ?? ''))).status).toBe(403);
    expect((await system.follow(url.replace('originals', 'selfies'))).status).toBe(403);
    clock.advance(300);
    expect((await system.follow(url)).status).toBe(403);
  });

  test('within an hour everybody gets the same links to what is shown of a photo, and others in the next', async () => {
    clock.advance(3570 - ((clock.now().getTime() / 1000) % 3600));
    const [owner, viewer] = [await signUp({ creator: true }), await signUp()];
    const photoId = await publish({ creatorId: owner.accountId });
    await recognise(photoId, [{ photoId, memberId: viewer.accountId }]);
    const links = async (who: typeof member) => {
      const { previewUrl, thumbnailUrl, linksExpireAt } = (await get(`/v1/photos/${photoId}`, who)).json();
      return { previewUrl, thumbnailUrl, linksExpireAt };
    };
    const processed = async () => (await get('/v1/creator/photos', owner)).json().items[0].processedUrl;
    const first = await links(viewer);
    const boxes = await processed();
    expect(Date.parse(first.linksExpireAt) - clock.now().getTime()).toBe(3_630_000);
    clock.advance(29);
    expect(await links(owner)).toEqual(first);
    expect(await processed()).not.toBe(boxes);
    clock.advance(1);
    const next = await links(viewer);
    expect(Date.parse(next.linksExpireAt) - clock.now().getTime()).toBe(7_200_000);
    expect(next.previewUrl).not.toBe(first.previewUrl);
    expect(next.thumbnailUrl).not.toBe(first.thumbnailUrl);
  });
});
