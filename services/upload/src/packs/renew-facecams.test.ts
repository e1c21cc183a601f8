import { newObjectKey } from '@kilas/platform/file-objects.ts';
import { newId } from '@kilas/platform/ids.ts';
import { transact } from '@kilas/platform/transact.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertFacecam, lockMember } from '../facecams/facecam-store.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { enrolAgainJob } from './jobs.ts';
import { renewFacecams } from './renew-facecams.ts';

let uploads: UploadSystem;

beforeAll(async () => {
  // Nothing is worked on: what is sent stays where it can be counted.
  uploads = await startUploads({ isWorking: false });
});

afterAll(() => uploads?.close());

async function addFacecam(memberId: string, selfieKey: string | null): Promise<void> {
  await transact(uploads.ctx.db, async (tx) => {
    await lockMember(tx, memberId);
    await insertFacecam(tx, {
      facecam_id: newId(),
      member_id: memberId,
      consent_epoch: 1,
      sha256: newId(),
      state: 'ready',
      failure_reason: null,
      is_selfie_kept: selfieKey !== null,
      selfie_key: selfieKey,
      created_at: new Date(),
    });
  });
}

/** What was sent by a step: questions to members, and selfies to enrol anew. */
async function sentBy(step: () => Promise<unknown>): Promise<{ asked: number; enrolled: number }> {
  const { jobs, outbox } = uploads.ctx;
  const [questions] = outbox.kinds;
  if (questions === undefined) throw new Error('nobody is told');
  const before = [await jobs.countOpen(questions), await jobs.countOpen(enrolAgainJob)];
  await step();
  return {
    asked: (await jobs.countOpen(questions)) - (before[0] ?? 0),
    enrolled: (await jobs.countOpen(enrolAgainJob)) - (before[1] ?? 0),
  };
}

const renew = (memberId: string, packId = 'new') =>
  renewFacecams(uploads.ctx, { memberId, packId, until: '2026-12-31T00:00:00.000Z' });

test('a member without a kept selfie is asked once for each change, however often and by how many it is taken up', async () => {
  const memberId = newId();
  await addFacecam(memberId, null);
  const several = () => Promise.all([renew(memberId), renew(memberId), renew(memberId)]);
  expect(await sentBy(several)).toEqual({ asked: 1, enrolled: 0 });
  expect(await sentBy(() => renew(memberId))).toEqual({ asked: 0, enrolled: 0 });
  expect(await sentBy(() => renew(memberId, 'newer'))).toEqual({ asked: 1, enrolled: 0 });
});

test('kept selfies are enrolled anew without asking', async () => {
  const memberId = newId();
  for (const key of [newObjectKey(), newObjectKey(), null]) await addFacecam(memberId, key);
  expect(await sentBy(() => renew(memberId))).toEqual({ asked: 0, enrolled: 2 });
  expect(await sentBy(() => renew(memberId))).toEqual({ asked: 0, enrolled: 0 });
});

test('a member who has no facecam any more is left alone', async () => {
  expect(await sentBy(() => renew(newId()))).toEqual({ asked: 0, enrolled: 0 });
});
