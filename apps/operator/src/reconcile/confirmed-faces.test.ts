import { openHoldings as openAi } from '@kilas/ai/reconcile/open-holdings.ts';
import { openHoldings as openPhoto } from '@kilas/photo/reconcile/open-holdings.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openEmptyService } from '../testing/open-empty-service.ts';
import { faceChecks } from './checks/faces.ts';
import type { Parties } from './parties.ts';

const [member, photoId, selfie, confirmed] = ['1', '2', '3', '4'].map(
  (digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`,
);
const [faces, catalogue] = [await openEmptyService('ai', openAi), await openEmptyService('photo', openPhoto)];
const [ai, photo, facesDb, catalogueDb] = [faces.door, catalogue.door, faces.db, catalogue.db];

afterAll(async () => {
  await faces.close();
  await catalogue.close();
});

async function findDangling() {
  const parties = { ai, photo, upload: { holds: {}, mends: {} } } as unknown as Parties;
  const check = faceChecks(parties).find(({ name }) => name === 'confirmed faces → confirmed matches');
  return check?.run({ isMending: false, isForced: false, isDeletingOriginals: false, isServing: false });
}

test('only a pair that the member confirmed bears a template', async () => {
  await sql`insert into packs (pack_id, dimension) values ('p', 2)`.execute(facesDb);
  await sql`insert into erased_members (member_id) values (${member})`.execute(facesDb);
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, source, photo_id, created_at)
    values (${selfie}, ${member}, 1, 'p', '[1,0]', 'selfie', null, now()),
      (${confirmed}, ${member}, 1, 'p', '[0,1]', 'confirmed', ${photoId}, now())`.execute(facesDb);
  await sql`insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
      captured_at, uploaded_at)
    values (${photoId}, ${selfie}, '', '', 0, 'shared', '', 0, 'jpeg', '', now(), now())`.execute(catalogueDb);
  await sql`insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate,
      box_left, box_top, box_width, box_height, found_at)
    values (${photoId}, ${member}, ${selfie}, 1, 0.3, 9, 0, 0, 0, 1, 1, now())`.execute(catalogueDb);
  expect(await findDangling()).toMatchObject({ checked: 1, dangling: 1, examples: [confirmed] });
  await sql`update matches set answer = 'confirmed'`.execute(catalogueDb);
  expect(await findDangling()).toMatchObject({ checked: 1, dangling: 0 });
});
