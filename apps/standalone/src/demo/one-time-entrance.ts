import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '@kilas/client/journey/people.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';

export interface OneTimeEntrance {
  readonly register: (app: HttpApp) => void;
  /** A link that signs a browser in once. A new one makes the one before worthless. */
  readonly linkFor: (url: string, credentials: Credentials) => string;
}

/** The door of the demo: whoever opens the link of the terminal is signed in as the member of the demo. No other run has such a route. */
export function oneTimeEntrance(): OneTimeEntrance {
  let open: { readonly digest: Buffer; readonly credentials: Credentials } | undefined;
  const take = (token: string): Credentials | undefined => {
    const isRight = open !== undefined && timingSafeEqual(digestOf(token), open.digest);
    const credentials = isRight ? open?.credentials : undefined;
    if (isRight) open = undefined;
    return credentials;
  };
  return {
    register: (app) => {
      const schema = { hide: true, params: z.object({ token: z.string().max(100) }) };
      app.get('/demo/enter/:token', { schema }, async (request, reply) => {
        const credentials = take(request.params.token);
        if (credentials === undefined) return reply.redirect('/sign-in', 303);
        const answer = await app.inject({
          method: 'POST',
          url: '/v1/auth/sign-in',
          headers: { host: request.headers.host ?? 'localhost' },
          payload: { ...credentials, delivery: 'cookie' },
        });
        const cookies = answer.headers['set-cookie'];
        if (cookies !== undefined) reply.header('set-cookie', cookies);
        // The fragment tells the page that there is a session to ask for.
        return reply.redirect('/photos#signed-in', 303);
      });
    },
    linkFor: (url, credentials) => {
      const token = randomBytes(24).toString('base64url');
      open = { digest: digestOf(token), credentials };
      return `${url}/demo/enter/${token}`;
    },
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
