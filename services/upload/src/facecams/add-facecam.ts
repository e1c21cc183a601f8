import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { lookAtFile } from '../images/look-at-file.ts';
import type { SpooledFile } from '../spool/spool.ts';
import { fitsChallenge, framesMax } from './challenge.ts';
import { takeChallenge } from './challenge-store.ts';
import { checkChanges } from './check-changes.ts';
import { discardSelfie } from './discard-selfie.ts';
import { insertEnrolment } from './enrolment-store.ts';
import { type FacecamState, facecamsPerMemberMax } from './facecam.ts';
import { insertFacecam, listFacecamsByMember, lockConsentingMember } from './facecam-store.ts';
import { inspectSelfie } from './inspect-selfie.ts';
import { enrolFacecamJob } from './jobs.ts';
import { normaliseFrame, normaliseSelfie } from './normalise-selfie.ts';
import { dropFacecam } from './remove-facecam.ts';
import { deleteSelfieIntent, insertSelfieIntent } from './selfie-intent-store.ts';

export interface NewFacecam {
  readonly memberId: string;
  readonly consentEpoch: number;
  readonly keepSelfie: boolean;
  readonly file: SpooledFile;
  readonly isTruncated: boolean;
  /** The challenge that the frames are of; undefined without one. */
  readonly challengeId: string | undefined;
  /** As many for each step, in the order of the steps. */
  readonly frames: readonly SpooledFile[];
}

export interface AddedFacecam {
  readonly facecamId: string;
  readonly status: FacecamState;
  /** False for bytes that this member has enrolled before, and of which as much was proven. */
  readonly isNew: boolean;
}

/**
 * Has ai look at a selfie. If the selfie is good enough, stores it as a facecam whose template is a job; otherwise keeps nothing of it. Frames are
 * never kept. A challenge is taken before ai looks, and is gone whatever ai sees. A sixth facecam replaces the oldest. The same bytes are one
 * facecam, also when they come twice at once.
 */
export async function addFacecam(ctx: UploadContext, input: NewFacecam): Promise<AddedFacecam> {
  const { memberId, file, challengeId, frames } = input;
  await takeAttempt(ctx.limits.selfiesByMember, memberId);
  if (input.isTruncated) {
    refuse('FILE_TOO_LARGE', { maxMebibytes: String(ctx.config.SELFIE_SIZE_MAX_BYTES / 1024 / 1024) });
  }
  if ([file, ...frames].some(({ sizeBytes }) => sizeBytes === 0)) refuse('FILE_EMPTY');
  if (challengeId === undefined && frames.length > 0) refuse('FACECAM_CHALLENGE_REQUIRED');
  if (challengeId !== undefined && !fitsChallenge(frames.length)) {
    refuse('FACECAM_CHALLENGE_FRAMES', { max: String(framesMax) });
  }
  const known = await findSame(ctx.db, input);
  if (known !== undefined) return known;
  await checkChanges(ctx, ctx.db, memberId);
  const steps = challengeId === undefined ? [] : await takeSteps(ctx, { ...input, challengeId });
  const selfie = await lookAtFile(ctx, { file, accountId: memberId }, () => normaliseSelfie(ctx, file.path));
  const pictures: Buffer[] = [];
  for (const frame of frames) {
    const look = () => normaliseFrame(ctx, frame.path);
    pictures.push(await lookAtFile(ctx, { file: frame, accountId: memberId }, look));
  }
  await inspectSelfie(ctx, { memberId, selfie, steps, frames: pictures });
  const selfieKey = newObjectKey();
  await insertSelfieIntent(ctx.db, { selfieKey, now: ctx.clock.now() });
  try {
    await ctx.objects.write({ bucket: 'selfies', key: selfieKey }, selfie);
    return await transact(ctx.db, (tx) => insert(ctx, tx, { ...input, selfieKey }));
  } finally {
    // Does nothing once a facecam owns the selfie.
    await discardSelfie(ctx, selfieKey);
  }
}

/** What the member was asked to do; nobody else, and they once, within its time. */
async function takeSteps(ctx: UploadContext, input: NewFacecam & { challengeId: string }): Promise<readonly string[]> {
  const challenge = await takeChallenge(ctx.db, input);
  if (challenge === undefined || challenge.expires_at <= ctx.clock.now()) return refuse('FACECAM_CHALLENGE_EXPIRED');
  return challenge.steps;
}

async function insert(
  ctx: UploadContext,
  tx: Transaction<UploadSchema>,
  input: NewFacecam & { selfieKey: string },
): Promise<AddedFacecam> {
  const { memberId, consentEpoch, selfieKey } = input;
  await lockConsentingMember(tx, input);
  const known = await findSame(tx, input);
  if (known !== undefined) return known;
  await checkChanges(ctx, tx, memberId);
  // The sweeper took it: this request was slower than any limit allows.
  if (!(await deleteSelfieIntent(tx, selfieKey))) refuse('SERVICE_UNAVAILABLE');
  await makeRoom(ctx, tx, input);
  const facecamId = newId();
  const now = ctx.clock.now();
  await insertFacecam(tx, {
    facecam_id: facecamId,
    member_id: memberId,
    consent_epoch: consentEpoch,
    sha256: input.file.sha256,
    state: 'pending',
    failure_reason: null,
    is_selfie_kept: input.keepSelfie,
    selfie_key: selfieKey,
    created_at: now,
    proven_live: input.challengeId !== undefined,
  });
  await insertEnrolment(tx, { facecamId, memberId, now });
  await ctx.jobs.send(tx, enrolFacecamJob, { facecamId });
  return { facecamId, status: 'pending', isNew: true };
}

/** A facecam that failed is no answer to the same selfie, nor is one without proof to a challenge: it is tried anew. */
async function findSame(
  db: Parameters<typeof listFacecamsByMember>[0],
  { memberId, file, challengeId }: NewFacecam,
): Promise<AddedFacecam | undefined> {
  const own = await listFacecamsByMember(db, memberId, facecamsPerMemberMax);
  const same = own.find(
    ({ sha256, state, proven_live: isProven }) =>
      sha256 === file.sha256 && state !== 'failed' && (isProven || challengeId === undefined),
  );
  return same === undefined ? undefined : { facecamId: same.facecam_id, status: same.state, isNew: false };
}

/** Drops a facecam of the same bytes that failed or was not proven and, when there is no place left, failed ones before the oldest. */
async function makeRoom(ctx: UploadContext, tx: Transaction<UploadSchema>, input: NewFacecam): Promise<void> {
  const own = await listFacecamsByMember(tx, input.memberId, facecamsPerMemberMax);
  const same = own.filter(({ sha256 }) => sha256 === input.file.sha256);
  const oldestFirst = own.filter((facecam) => !same.includes(facecam)).reverse();
  const failedFirst = [
    ...oldestFirst.filter(({ state }) => state === 'failed'),
    ...oldestFirst.filter(({ state }) => state !== 'failed'),
  ];
  const surplus = failedFirst.length + 1 - facecamsPerMemberMax;
  for (const facecam of [...same, ...failedFirst.slice(0, Math.max(0, surplus))]) await dropFacecam(ctx, tx, facecam);
}
