import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { locales } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { changeSettings } from './change-settings.ts';
import { matchLevel, profile } from './profile.ts';
import { readProfile } from './read-profile.ts';

const tags = ['me'];
const security = [{ bearer: [] }];

const settings = z.strictObject({
  matchLevel: matchLevel.optional(),
  locale: z.enum(locales).optional(),
  timeZone: z
    .string()
    .max(64)
    .nullish()
    .describe('IANA name, e.g. Asia/Makassar; null for the default. Photos that were sent before keep theirs'),
});

export function registerProfileHttp(app: HttpApp, ctx: UserContext, auth: Auth): void {
  app.get(
    '/v1/me',
    { onRequest: auth.required, schema: { tags, summary: 'My account', security, response: { 200: profile } } },
    async (request) => readProfile(ctx, identityOf(request).accountId),
  );
  app.patch(
    '/v1/me',
    {
      onRequest: auth.required,
      schema: { tags, summary: 'Change my settings', security, body: settings, response: { 200: profile } },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      await changeSettings(ctx, accountId, request.body);
      return readProfile(ctx, accountId);
    },
  );
}
