import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { problems, type Reason } from '@kilas/messages/problems.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { shownReal } from '@kilas/platform/db/stored-time.ts';
import { formValidator } from '@kilas/platform/http/form.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { type Locale, localeOf } from '@kilas/platform/problems/problem.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { guestOf } from '../places.ts';
import { askChallenge } from './ask-challenge.ts';
import { captureSteps, frameSizeMaxBytes, framesMax, framesPerStepMax } from './challenge.ts';
import { type Facecam, facecamsPerMemberMax } from './facecam.ts';
import { findFacecamOfMember, listFacecamsByMember } from './facecam-store.ts';
import { receiveSelfie, selfieFields } from './receive-selfie.ts';
import { removeFacecam } from './remove-facecam.ts';

const tags = ['facecams'];
const security = [{ bearer: [] }];
const linkSeconds = 300;

const params = z.strictObject({ facecamId: z.guid() });
const status = z.enum(['pending', 'ready', 'failed']);
const added = z.object({ facecamId: z.guid(), status });

const share = z.number().min(0).max(1);

const facecam = z.object({
  facecamId: z.guid(),
  status,
  reason: z.string().optional().describe('The code of why it failed'),
  detail: z.string().optional().describe('Why it failed and what to do, in the language of Accept-Language'),
  quality: share.optional().describe('How well the face can be recognised: size, sharpness, light, pose'),
  liveness: z
    .object({ realScore: share, liveScore: share })
    .optional()
    .describe(
      'How much it looks like a person and not like a picture of one, by two small nets. A speed bump, no proof',
    ),
  provenLive: z.boolean().describe('Whether a capture challenge was passed with it'),
  createdAt: z.iso.datetime(),
  selfieKept: z.boolean(),
});

const challenge = z.object({
  challengeId: z.guid(),
  steps: z
    .array(z.enum(captureSteps))
    .describe('What to do before the camera, in this order; left and right are those of the person'),
  framesPerStepMax: z.number().int(),
  framesMax: z.number().int().describe('Of all steps together'),
  expiresAt: z.iso.datetime(),
});

export function registerFacecamHttp(app: HttpApp, ctx: UploadContext, auth: Auth): void {
  app.post(
    '/v1/facecams/challenges',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary:
          'Be asked to do a few things before the camera, for one selfie within two minutes; ends the challenge before',
        security,
        response: { 201: challenge },
      },
    },
    async (request, reply) => {
      const { accountId: memberId, consentEpoch } = identityOf(request);
      if (consentEpoch === 0) refuse('CONSENT_REQUIRED');
      const asked = await askChallenge(ctx, { memberId, consentEpoch });
      const answer = {
        challengeId: asked.challenge_id,
        steps: asked.steps,
        framesPerStepMax,
        framesMax,
        expiresAt: asked.expires_at.toISOString(),
      };
      return reply.status(201).send(answer);
    },
  );
  app.post(
    '/v1/facecams',
    {
      onRequest: auth.required,
      validatorCompiler: formValidator,
      schema: {
        tags,
        summary: 'Enrol a selfie; a sixth replaces the oldest. The same bytes again are answered 200 with the first id',
        security,
        consumes: ['multipart/form-data'],
        body: z.object({
          ...selfieFields.shape,
          selfie: z
            .file()
            .describe(`One face, large, sharp, from the front; at most ${ctx.config.SELFIE_SIZE_MAX_BYTES} bytes`),
          frames: z
            .array(z.file())
            .max(framesMax)
            .optional()
            .describe(
              `Of the challenge: as many for each step, up to ${framesPerStepMax}, in the order of the steps, as the camera saw them and not mirrored; at most ${frameSizeMaxBytes} bytes each`,
            ),
        }),
        response: { 201: added, 200: added },
      },
    },
    async (request, reply) => {
      const { accountId: memberId, consentEpoch } = identityOf(request);
      if (consentEpoch === 0) refuse('CONSENT_REQUIRED');
      const { isNew, ...answer } = await ctx.limits.selfiesAtOnce.hold(guestOf(request, memberId), () =>
        receiveSelfie(ctx, request, { memberId, consentEpoch }),
      );
      return reply.status(isNew ? 201 : 200).send(answer);
    },
  );
  app.get(
    '/v1/facecams',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary: 'My selfies, newest first',
        security,
        response: { 200: z.object({ items: z.array(facecam), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      // A member has no more than one page holds.
      const facecams = await listFacecamsByMember(ctx.db, accountId, facecamsPerMemberMax);
      const locale = localeOf(request.headers['accept-language']);
      return { items: facecams.map((row) => toView(row, locale)), nextCursor: null };
    },
  );
  app.delete(
    '/v1/facecams/:facecamId',
    {
      onRequest: auth.required,
      schema: { tags, summary: 'Remove a selfie and its template', security, params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { accountId: memberId } = identityOf(request);
      await removeFacecam(ctx, { memberId, facecamId: request.params.facecamId });
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/v1/facecams/:facecamId/selfie',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary: 'A link to my selfie, if it was kept; it lives five minutes',
        security,
        params,
        response: { 200: z.object({ url: z.string(), expiresAt: z.iso.datetime() }) },
      },
    },
    async (request) => {
      const { accountId: memberId } = identityOf(request);
      const found = await findFacecamOfMember(ctx.db, { memberId, facecamId: request.params.facecamId });
      if (found === undefined) refuse('FACECAM_NOT_FOUND');
      if (!found.is_selfie_kept || found.selfie_key === null) refuse('SELFIE_NOT_KEPT');
      const expiresAt = addSeconds(ctx.clock.now(), linkSeconds);
      const ref = { bucket: 'selfies', key: found.selfie_key } as const;
      return {
        url: await ctx.objects.sign(ref, { expiresAt, contentType: 'image/jpeg' }),
        expiresAt: expiresAt.toISOString(),
      };
    },
  );
}

function toView(row: Facecam, locale: Locale): z.output<typeof facecam> {
  const { failure_reason: reason, quality, real_score: realScore, live_score: liveScore } = row;
  return {
    facecamId: row.facecam_id,
    status: row.state,
    ...(reason === null ? {} : { reason, ...detailOf(reason, locale) }),
    ...(quality === null ? {} : { quality: shareOf(quality) }),
    ...(realScore === null || liveScore === null
      ? {}
      : { liveness: { realScore: shareOf(realScore), liveScore: shareOf(liveScore) } }),
    provenLive: row.proven_live,
    createdAt: row.created_at.toISOString(),
    selfieKept: row.is_selfie_kept && row.selfie_key !== null,
  };
}

/** The nearest share: a stored value that rounding made a little too large must not fail the list. */
function shareOf(stored: number): number {
  return Math.min(Math.max(shownReal(stored) ?? 0, 0), 1);
}

function detailOf(reason: string, locale: Locale): { detail?: string } {
  return isReason(reason) ? { detail: problems[reason][locale] } : {};
}

const isReason = (reason: string): reason is Reason => reason in problems;
