import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { line } from '@kilas/platform/values/text.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { profile } from '../profiles/profile.ts';
import { readProfile } from '../profiles/read-profile.ts';
import { becomeCreator } from './become-creator.ts';

const displayNameLengthMax = 60;

const body = z.strictObject({ displayName: line(displayNameLengthMax) });

export function registerCreatorHttp(app: HttpApp, ctx: UserContext, auth: Auth): void {
  app.post(
    '/v1/me/creator',
    {
      onRequest: auth.required,
      schema: {
        tags: ['me'],
        summary: 'Become a creator, or change the display name',
        security: [{ bearer: [] }],
        body,
        response: { 200: profile },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      await becomeCreator(ctx, { accountId, displayName: request.body.displayName });
      return readProfile(ctx, accountId);
    },
  );
}
