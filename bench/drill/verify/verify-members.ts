import { z } from 'zod';
import { type Check, countBy, doubled, exactlyOnce, type Finding, lost, type VerifyContext } from './finding.ts';

const facecamRow = z.object({ facecam_id: z.string(), member_id: z.string(), state: z.string() });
const photoRow = z.object({ photo_id: z.string() });
const pairRow = z.object({ photo_id: z.string(), member_id: z.string() });
const notificationRow = z.object({
  account_id: z.string(),
  kind: z.string(),
  data: z.object({ orderId: z.string().optional(), photoIds: z.array(z.string()), photoCount: z.number() }),
});
const itemRow = z.object({ order_id: z.string(), buyer_id: z.string(), creator_id: z.string() });
const explore = z.object({ items: z.array(z.object({ photoId: z.string() })), nextCursor: z.string().nullable() });

/** Each selfie of a member whose consent holds became one template and is ready. */
export const verifyFacecams: Check = async ({ databases, book }) => {
  const facecams = await databases.query('upload', facecamRow, 'select facecam_id, member_id, state from facecams');
  const templates = await databases.query(
    'ai',
    z.object({ facecam_id: z.string() }),
    "select facecam_id from templates where source = 'selfie'",
  );
  const stateById = new Map(facecams.map(({ facecam_id, state }) => [facecam_id, state]));
  const counts = countBy(templates, ({ facecam_id }) => facecam_id);
  return [...book.facecams].flatMap(([facecamId, { accountId }]): Finding[] => {
    if (!book.hasConsent(accountId)) return [];
    const state = stateById.get(facecamId) ?? 'absent';
    if (state !== 'ready') return [lost(`facecam ${facecamId}, which is ${state}`)];
    return exactlyOnce(counts.get(facecamId) ?? 0, `the template of facecam ${facecamId}`);
  });
};

/**
 * All who stay have enrolled one face: each is in each photo that shows it, in the books of ai and of photo, and sees it. Photos
 * that were not recognised are found elsewhere.
 */
export const verifyMatches: Check = async (ctx) => {
  const { databases, book, world } = ctx;
  const sql = 'select photo_id, member_id from';
  const inPhoto = new Set((await databases.query('photo', pairRow, `${sql} matches`)).map(keyOfPair));
  const inAi = new Set((await databases.query('ai', pairRow, `${sql} face_matches`)).map(keyOfPair));
  const recognised = `select photo_id from photos where recognition = 'done'`;
  const known = new Set((await databases.query('photo', photoRow, recognised)).map(({ photo_id }) => photo_id));
  const photoIds = [...book.photos.keys()].filter((id) => book.photos.get(id)?.shows === 'stayer' && known.has(id));
  const stayers = [...book.facecams.values()].filter(({ who }) => who === 'stayer');
  const enrolled = new Set(stayers.map(({ accountId }) => accountId));
  const findings: Finding[] = [];
  for (const memberId of enrolled) {
    if (!book.hasConsent(memberId)) continue;
    const member = world.members.find(({ accountId }) => accountId === memberId);
    const seen = member === undefined ? undefined : await listExplore(member);
    for (const photo_id of photoIds) {
      const key = keyOfPair({ photo_id, member_id: memberId });
      const where = [inAi.has(key) ? '' : 'ai', inPhoto.has(key) ? '' : 'photo'].filter((name) => name !== '');
      if (where.length > 0)
        findings.push(lost(`member ${memberId} in photo ${photo_id}, unknown to ${where.join(' and ')}`));
      else if (seen !== undefined && seen.get(photo_id) !== 1) {
        findings.push(...exactlyOnce(seen.get(photo_id) ?? 0, `photo ${photo_id} in what member ${memberId} is shown`));
      }
    }
  }
  return findings;
};

function keyOfPair({ photo_id, member_id }: z.output<typeof pairRow>): string {
  return `${photo_id} ${member_id}`;
}

async function listExplore(member: VerifyContext['world']['members'][number]): Promise<Map<string, number>> {
  const photoIds: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const path = `/v1/explore?limit=100${query}`;
    const page: z.output<typeof explore> | undefined = await member.call({ route: 'explore', path }, explore);
    photoIds.push(...(page?.items ?? []).map(({ photoId }) => photoId));
    cursor = page?.nextCursor ?? null;
  }
  return countBy(photoIds, (photoId) => photoId);
}

/** Nobody is told twice of a photo in which they appear, nor of an order; and everybody is told. */
export const verifyNotifications: Check = async (ctx) => {
  const notifications = await ctx.databases.query(
    'user',
    notificationRow,
    `select account_id, kind, data from notifications where kind in ('matches_found', 'photos_bought', 'photos_sold')`,
  );
  return [...(await judgeMatchNotices(ctx, notifications)), ...(await judgeOrderNotices(ctx, notifications))];
};

type Notification = z.output<typeof notificationRow>;

async function judgeMatchNotices(
  { databases, book }: VerifyContext,
  notifications: readonly Notification[],
): Promise<Finding[]> {
  const matches = await databases.query('photo', pairRow, 'select photo_id, member_id from matches');
  const matched = countBy(matches, ({ member_id }) => member_id);
  const members = new Set([...book.facecams.values()].map(({ accountId }) => accountId));
  return [...members].flatMap((memberId): Finding[] => {
    if (!book.hasConsent(memberId)) return [];
    const own = notifications.filter(({ account_id, kind }) => account_id === memberId && kind === 'matches_found');
    const named = countBy(
      own.flatMap(({ data }) => data.photoIds),
      (photoId) => photoId,
    );
    const twice = [...named].filter(([, count]) => count > 1);
    const told = own.reduce((sum, { data }) => sum + data.photoCount, 0);
    const wanted = matched.get(memberId) ?? 0;
    return [
      ...twice.map(([photoId, count]) => doubled(`member ${memberId} was told of photo ${photoId} ${count} times`)),
      ...(told > wanted ? [doubled(`member ${memberId} was told of ${told} photos and is in ${wanted}`)] : []),
      ...(told < wanted ? [lost(`member ${memberId} is in ${wanted} photos and was told of ${told}`)] : []),
    ];
  });
}

async function judgeOrderNotices(
  { databases, world }: VerifyContext,
  notifications: readonly Notification[],
): Promise<Finding[]> {
  const items = await databases.query(
    'transaction',
    itemRow,
    `select distinct order_id, buyer_id, creator_id from order_items join orders using (order_id) where state = 'paid'`,
  );
  const counts = countBy(notifications, ({ account_id, kind, data }) => `${account_id} ${kind} ${data.orderId}`);
  const wanted = new Set(
    items.flatMap(({ order_id, buyer_id, creator_id }) => [
      `${buyer_id} photos_bought ${order_id}`,
      `${creator_id} photos_sold ${order_id}`,
    ]),
  );
  const known = new Set(
    [...world.buyers, ...world.creators.map(({ person }) => person)].map(({ accountId }) => accountId),
  );
  return [...wanted]
    .filter((notice) => known.has(notice.split(' ')[0] ?? ''))
    .flatMap((notice) => exactlyOnce(counts.get(notice) ?? 0, `the notification ${notice}`));
}
