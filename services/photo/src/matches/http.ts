import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { cutOf } from '../viewers/viewer.ts';
import { answerMatch } from './answer-match.ts';
import { takeBackAnswer } from './take-back-answer.ts';

export function registerMatchHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  app.put(
    '/v1/photos/:photoId/match',
    {
      onRequest: auth.required,
      schema: {
        tags: ['explore'],
        summary: 'Say whether it is me in this photo',
        description:
          'Answers a photo that was found for me, or one of `/v1/explore/questions`. A photo that I rejected never comes back by itself; I may change my answer at any time. A face that I confirm may become a further template of mine, once I agreed to the text of consent which says so; rejecting the photo ends it.',
        security: [{ bearer: [] }],
        params: z.object({ photoId: z.guid() }),
        body: z.strictObject({ answer: z.enum(['confirmed', 'rejected']) }),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { accountId: memberId, matchLevel, ...consent } = identityOf(request);
      const key = { memberId, photoId: request.params.photoId, cut: cutOf(ctx, matchLevel) };
      await answerMatch(ctx, key, request.body.answer, consent);
      return reply.status(204).send();
    },
  );
  app.delete(
    '/v1/photos/:photoId/match',
    {
      onRequest: auth.required,
      schema: {
        tags: ['explore'],
        summary: 'Take back my answer to this photo',
        description:
          'The photo is shown or asked about as if I had not answered, while my consent stands; where the selfie that found it is gone, only if another one finds it. A template that was made of a confirmed face ends. `/v1/explore/rejected` lists what I rejected.',
        security: [{ bearer: [] }],
        params: z.object({ photoId: z.uuid() }),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { accountId: memberId, matchLevel } = identityOf(request);
      await takeBackAnswer(ctx, { memberId, photoId: request.params.photoId, cut: cutOf(ctx, matchLevel) });
      return reply.status(204).send();
    },
  );
}
