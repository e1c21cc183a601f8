import { refuse } from '@kilas/messages/refuse.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserConfig } from '../config.ts';
import { sessionLifetimeSeconds } from './session.ts';

const cookieName = 'kilas_refresh';

/** The refresh token of a browser lies in a cookie that no script reads and no other site's page sends. */
export function createRefreshCookie(config: Pick<UserConfig, 'PUBLIC_URL' | 'CORS_ORIGINS'>) {
  const publicUrl = new URL(config.PUBLIC_URL);
  const origins = new Set([publicUrl.origin, ...config.CORS_ORIGINS]);
  const attributes = {
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.protocol === 'https:',
    path: '/v1/auth',
  } as const;
  return {
    read: (request: FastifyRequest): string | undefined => request.cookies[cookieName],
    set: (reply: FastifyReply, refreshToken: string): void => {
      reply.setCookie(cookieName, refreshToken, { ...attributes, maxAge: sessionLifetimeSeconds });
    },
    clear: (reply: FastifyReply): void => {
      reply.clearCookie(cookieName, attributes);
    },
    /** Refuses with ORIGIN_NOT_ALLOWED what a page of a foreign origin sends. Clients that are no browsers send no origin. */
    checkOrigin: (request: FastifyRequest): void => {
      const { origin } = request.headers;
      if (origin !== undefined && !origins.has(origin)) refuse('ORIGIN_NOT_ALLOWED');
    },
  };
}
