import { createClient } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { postOrder, postPreview, readProblem } from '../testing/client.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
let member: Member;
/** By the level of the member's face in them; in the last one a crowd was searched, so that a stranger is likely. */
const photos: { photoId: string; level: number; isSure: boolean }[] = [];
beforeAll(async () => {
  shop = await startShop();
  member = await shop.signUp();
  const matches = createClient(MatchService, shop.system.peersAs('ai')('photo'));
  for (const [level, isSure, faceCount] of [
    [1, true, 1],
    [2, true, 1],
    [3, true, 1],
    [6, true, 1],
    [9, true, 1],
    [3, false, 1],
    [4, true, 100_000],
  ] as const) {
    const creator = await shop.signUp({ creator: true });
    const photoId = await shop.addPhoto({ priceIdr: 1000, isPublic: false, creator });
    const found = {
      photoId,
      memberId: member.accountId,
      facecamId: newId(),
      consentEpoch: 1,
      distance: 0.4,
      level,
      falseMatchRate: 1e-4,
      facecamCount: 1,
      isUnsure: !isSure,
      box: { left: 0.1, top: 0.2, width: 0.3, height: 0.4 },
    };
    await matches.recordRecognition({ photoId, faceCount, processedKey: newObjectKey(), matches: [found] });
    photos.push({ photoId, level, isSure });
  }
});
afterAll(() => shop.close());

const idList = z.object({ items: z.array(z.object({ photoId: z.string() })) });

async function call(method: 'GET' | 'PUT' | 'DELETE', url: string): Promise<number> {
  return (await shop.system.app.inject({ method, url, headers: member.headers })).statusCode;
}

/** What the member is shown, and what they are asked about. */
async function listedIds(): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const url of ['/v1/explore', '/v1/explore/questions']) {
    const reply = await shop.system.app.inject({ url, headers: member.headers });
    for (const { photoId } of idList.parse(reply.json()).items) ids.add(photoId);
  }
  return ids;
}

/** Opens every door to a photo, and shuts it again. */
async function openDoors(photoId: string) {
  const detail = (await call('GET', `/v1/photos/${photoId}`)) === 200;
  const preview = (await postPreview(shop.system, member, [photoId])).statusCode === 200;
  // At another price: what is there is refused with the right one.
  const order = readProblem(await postOrder(shop.system, member, [{ photoId, priceIdr: 1 }])).code === 'PRICE_CHANGED';
  const lists = [];
  for (const list of ['cart', 'wishlist', 'favourites']) {
    lists.push((await call('PUT', `/v1/${list}/${photoId}`)) === 204);
    await call('DELETE', `/v1/${list}/${photoId}`);
  }
  const answer = (await call('DELETE', `/v1/photos/${photoId}/match`)) < 300;
  return { detail, preview, order, lists, answer };
}

test.each([null, 1, 2, 5, 9])(
  'every door to a photo opens by the level that its member chose: %j',
  async (matchLevel) => {
    const change = { method: 'PATCH', url: '/v1/me', headers: member.headers, payload: { matchLevel } } as const;
    expect((await shop.system.app.inject(change)).statusCode).toBe(200);
    const listed = await listedIds();
    const seen = [];
    for (const { photoId, level, isSure } of photos) {
      const may = listed.has(photoId);
      if (may) seen.push(isSure ? level : -level);
      expect(await openDoors(photoId), `level ${level}`).toEqual({
        detail: may,
        preview: may,
        order: may,
        lists: [may, may, may],
        answer: may,
      });
    }
    const expected = { null: [3, 6, 9, -3], 1: [1, 2, 3, 6, 9, -3, 4], 2: [2, 3, 6, 9, -3, 4], 5: [6, 9], 9: [9] };
    expect(seen).toEqual(expected[`${matchLevel}` as keyof typeof expected]);
  },
);
