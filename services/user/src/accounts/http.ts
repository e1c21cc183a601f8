import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { localeOf, locales } from '@kilas/platform/problems/problem.ts';
import { networkOf } from '@kilas/platform/shared/rate-limit.ts';
import { opaque } from '@kilas/platform/values/bounds.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { email, newPassword, username } from './account.ts';
import { registerAccount } from './register-account.ts';
import { requestVerification } from './request-verification.ts';
import { verifyEmail } from './verify-email.ts';

const tags = ['auth'];
const accepted = z.object({ status: z.literal('accepted') });

const registration = z.strictObject({
  email,
  password: newPassword,
  username,
  locale: z.enum(locales).optional().describe('Language of mails; from Accept-Language without it'),
});

export const verificationToken = opaque(100);

export function registerAccountHttp(app: HttpApp, ctx: UserContext): void {
  app.post(
    '/v1/auth/register',
    {
      schema: {
        tags,
        summary: 'Register; the answer is the same whether the address has an account or not',
        body: registration,
        response: { 202: accepted },
      },
    },
    async (request, reply) => {
      const locale = request.body.locale ?? localeOf(request.headers['accept-language']);
      await registerAccount(ctx, { ...request.body, locale, address: networkOf(request.ip) });
      return reply.status(202).send({ status: 'accepted' });
    },
  );
  app.post(
    '/v1/auth/verify',
    {
      schema: {
        tags,
        summary: 'Confirm an address with the token of its link',
        body: z.strictObject({ token: verificationToken }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await verifyEmail(ctx, request.body);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/v1/auth/resend-verification',
    {
      schema: {
        tags,
        summary: 'Send the link again; the answer is the same for every address',
        body: z.strictObject({ email }),
        response: { 202: accepted },
      },
    },
    async (request, reply) => {
      await requestVerification(ctx, { email: request.body.email, address: networkOf(request.ip) });
      return reply.status(202).send({ status: 'accepted' });
    },
  );
}
