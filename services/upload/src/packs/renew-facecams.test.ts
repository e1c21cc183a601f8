import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertFacecam, lockMember } from '../facecams/facecam-store.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { renewSelfiesJob } from './jobs.ts';
import { renewFacecams } from './renew-facecams.ts';
import { renewSelfies } from './renew-selfies.ts';

let uploads: UploadSystem;

beforeAll(async () => {
  // Nothing is worked on: what is sent stays where it can be counted.
  uploads = await startUploads({ isWorking: false });
});

afterAll(() => uploads?.close());

async function addFacecam(memberId: string, selfieKey: string | null, provenLive = false): Promise<void> {
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
      proven_live: provenLive,
      created_at: new Date(),
    });
  });
}

/** What was sent by a step: questions to members, and members whose selfies are to be enrolled anew. */
async function sentBy(step: () => Promise<unknown>): Promise<{ asked: number; enrolled: number }> {
  const { jobs, outbox } = uploads.ctx;
  const before = [await outbox.countWaiting('user'), await jobs.countOpen(renewSelfiesJob)];
  await step();
  return {
    asked: (await outbox.countWaiting('user')) - (before[0] ?? 0),
    enrolled: (await jobs.countOpen(renewSelfiesJob)) - (before[1] ?? 0),
  };
}

interface Told {
  readonly packId: string;
  readonly provenLive: boolean;
}

/** While ai knows the facecams of these selfies, and refuses all others for good; answers what it was told of each. */
async function whileAiTakes(selfieKeys: readonly string[], run: () => Promise<unknown>): Promise<Told[]> {
  const told: Told[] = [];
  const leave = uploads.system.network.serve('ai', {
    interceptors: [],
    routes: (router) => {
      router.service(FaceService, {
        enrolFacecam: ({ selfieKey, packId, provenLive }) => {
          told.push({ packId, provenLive });
          return selfieKeys.includes(selfieKey) ? {} : refuse('FACECAM_MISMATCH');
        },
      });
    },
  });
  await run();
  leave();
  return told;
}

const until = '2026-12-31T00:00:00.000Z';
const renewKept = (memberId: string, packId = 'new') =>
  renewSelfies(uploads.ctx, {
    data: { memberId, packId, until },
    signal: new AbortController().signal,
    attempt: 0,
    isLastAttempt: false,
  });
const renew = (memberId: string, packId = 'new') => renewFacecams(uploads.ctx, { memberId, packId, until });

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
  expect(await sentBy(() => renew(memberId))).toEqual({ asked: 0, enrolled: 1 });
  expect(await sentBy(() => renew(memberId))).toEqual({ asked: 0, enrolled: 0 });
});

test('a member who has no facecam any more is left alone', async () => {
  expect(await sentBy(() => renew(newId()))).toEqual({ asked: 0, enrolled: 0 });
});

test('a member whose kept selfies the new pack will not have is asked once, however many they are', async () => {
  const memberId = newId();
  for (const key of [newObjectKey(), newObjectKey()]) await addFacecam(memberId, key);
  await renew(memberId);
  const told = await whileAiTakes([], async () => {
    expect(await sentBy(() => renewKept(memberId))).toEqual({ asked: 1, enrolled: 0 });
    expect(await sentBy(() => renewKept(memberId))).toEqual({ asked: 0, enrolled: 0 });
  });
  expect(told).toEqual(Array(4).fill({ packId: 'new', provenLive: false }));
});

test('a member of whom the new pack takes one selfie is not asked', async () => {
  const memberId = newId();
  const good = newObjectKey();
  for (const key of [good, newObjectKey(), null]) await addFacecam(memberId, key);
  await renew(memberId);
  await whileAiTakes([good], async () => {
    expect(await sentBy(() => renewKept(memberId))).toEqual({ asked: 0, enrolled: 0 });
  });
});

test('a selfie that was proven live stays so under the new pack', async () => {
  const memberId = newId();
  const [proven, other] = [newObjectKey(), newObjectKey()];
  await addFacecam(memberId, proven, true);
  await addFacecam(memberId, other);
  const told = await whileAiTakes([proven, other], () => renewKept(memberId));
  expect(told.map(({ provenLive }) => provenLive).sort()).toEqual([false, true]);
});
