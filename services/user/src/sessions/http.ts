import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { networkOf } from '@kilas/platform/shared/rate-limit.ts';
import { opaque } from '@kilas/platform/values/bounds.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { passwordLengthMax } from '../accounts/account.ts';
import type { UserContext } from '../context.ts';
import { emailLengthMax } from '../mail/address.ts';
import { profile } from '../profiles/profile.ts';
import { readProfile } from '../profiles/read-profile.ts';
import { endSession, type SignOutProof, signOut } from './end-session.ts';
import { createRefreshCookie } from './refresh-cookie.ts';
import { refreshSession } from './refresh-session.ts';
import { sessionCountMax } from './session.ts';
import { listSessionsByAccount } from './session-store.ts';
import { type OpenSession, signIn } from './sign-in.ts';

const tags = ['auth'];
const security = [{ bearer: [] }];
type Delivery = 'body' | 'cookie';

const refreshToken = opaque(100);
// A browser whose token lies in the cookie sends no body at all.
const heldToken = z.strictObject({ refreshToken: refreshToken.optional() }).nullish();

const signedIn = z.object({
  accessToken: z.string(),
  expiresAt: z.iso.datetime(),
  refreshToken: z.string().optional().describe('Absent when it lies in the cookie'),
  account: profile,
});

const session = z.object({
  sessionId: z.guid(),
  userAgent: z.string(),
  isCurrent: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export function registerSessionHttp(app: HttpApp, ctx: UserContext, auth: Auth): void {
  const cookie = createRefreshCookie(ctx.config);

  const answer = async (
    reply: FastifyReply,
    open: OpenSession,
    delivery: Delivery,
  ): Promise<z.output<typeof signedIn>> => {
    const access = await ctx.tokens.issueAccess(open);
    const account = await readProfile(ctx, open.accountId);
    reply.header('cache-control', 'no-store');
    if (delivery === 'cookie') cookie.set(reply, open.refreshToken);
    const common = { accessToken: access.token, expiresAt: access.expiresAt.toISOString(), account };
    return delivery === 'cookie' ? common : { ...common, refreshToken: open.refreshToken };
  };

  app.post(
    '/v1/auth/sign-in',
    {
      schema: {
        tags,
        summary: 'Sign in with e-mail or username',
        body: z.strictObject({
          login: opaque(emailLengthMax),
          password: opaque(passwordLengthMax),
          delivery: z.enum(['body', 'cookie']).default('body').describe('Where the refresh token goes'),
        }),
        response: { 200: signedIn },
      },
    },
    async (request, reply) => {
      const { login, password, delivery } = request.body;
      if (delivery === 'cookie') cookie.checkOrigin(request);
      const userAgent = request.headers['user-agent'] ?? '';
      const open = await signIn(ctx, { login, password, userAgent, address: networkOf(request.ip) });
      return answer(reply, open, delivery);
    },
  );
  app.post(
    '/v1/auth/refresh',
    {
      schema: {
        tags,
        summary: 'Exchange the refresh token, of the body or else of the cookie, for a new pair',
        body: heldToken,
        response: { 200: signedIn },
      },
    },
    async (request, reply) => {
      const fromBody = request.body?.refreshToken;
      if (fromBody !== undefined) return answer(reply, await refreshSession(ctx, fromBody), 'body');
      const fromCookie = cookie.read(request);
      if (fromCookie === undefined) refuse('REFRESH_TOKEN_MISSING');
      cookie.checkOrigin(request);
      return answer(reply, await refreshSession(ctx, fromCookie), 'cookie');
    },
  );
  app.post(
    '/v1/auth/sign-out',
    {
      schema: {
        tags,
        summary: 'End the session of the refresh token (body or cookie) or of the access token; again is no error',
        security: [{}, ...security],
        body: heldToken,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const fromCookie = request.body?.refreshToken === undefined ? cookie.read(request) : undefined;
      if (fromCookie !== undefined) cookie.checkOrigin(request);
      const proof = signOutProof(request, request.body?.refreshToken ?? fromCookie);
      if (proof !== undefined) await signOut(ctx, proof);
      cookie.clear(reply);
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/v1/me/sessions',
    {
      onRequest: auth.required,
      schema: {
        tags: ['me'],
        summary: 'My sessions, the last used first',
        security,
        response: { 200: z.object({ items: z.array(session), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const { accountId, sessionId } = identityOf(request);
      // An account has no more sessions than one page holds.
      const page = { now: ctx.clock.now(), limit: sessionCountMax };
      const sessions = await listSessionsByAccount(ctx.db, accountId, page);
      const items = sessions.map((row) => ({
        sessionId: row.id,
        userAgent: row.user_agent,
        isCurrent: row.id === sessionId,
        createdAt: row.created_at.toISOString(),
        lastUsedAt: row.last_used_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
      }));
      return { items, nextCursor: null };
    },
  );
  app.delete(
    '/v1/me/sessions/:sessionId',
    {
      onRequest: auth.required,
      schema: {
        tags: ['me'],
        summary: 'End one of my sessions',
        security,
        params: z.strictObject({ sessionId: z.guid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      await endSession(ctx, { accountId, sessionId: request.params.sessionId });
      return reply.status(204).send(null);
    },
  );
}

function signOutProof(request: FastifyRequest, token: string | undefined): SignOutProof | undefined {
  if (token !== undefined) return { refreshToken: token };
  const [scheme, accessToken] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && accessToken !== undefined ? { accessToken } : undefined;
}
