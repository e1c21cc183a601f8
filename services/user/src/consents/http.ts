import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { consentText, consentVersion } from '@kilas/messages/consent.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { opaque } from '@kilas/platform/values/bounds.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { findConsentInForce } from './consent-store.ts';
import { giveConsent } from './give-consent.ts';

const tags = ['consent'];
const security = [{ bearer: [] }];

const status = z.object({
  isGiven: z.boolean(),
  epoch: z.number().int().describe('0 when there is no consent in force'),
  version: z.string().nullable().describe('The version that was agreed to'),
  givenAt: z.iso.datetime().nullable(),
  current: z.object({ version: z.string(), text: z.object({ en: z.string(), id: z.string() }) }),
});

export function registerConsentHttp(app: HttpApp, ctx: UserContext, auth: Auth): void {
  const statusOf = async (accountId: string): Promise<z.output<typeof status>> => {
    const consent = await findConsentInForce(ctx.db, accountId);
    return {
      isGiven: consent !== undefined,
      epoch: consent?.epoch ?? 0,
      version: consent?.version ?? null,
      givenAt: consent?.given_at.toISOString() ?? null,
      current: { version: consentVersion, text: consentText },
    };
  };
  app.get(
    '/v1/me/consent',
    {
      onRequest: auth.required,
      schema: { tags, summary: 'My consent to face recognition, and its text', security, response: { 200: status } },
    },
    async (request) => statusOf(identityOf(request).accountId),
  );
  app.put(
    '/v1/me/consent',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary: 'Consent to face recognition',
        security,
        body: z.strictObject({ version: opaque(40).describe('The version of the text that was read') }),
        response: { 200: status },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      await giveConsent(ctx, { accountId, version: request.body.version });
      return statusOf(accountId);
    },
  );
}
