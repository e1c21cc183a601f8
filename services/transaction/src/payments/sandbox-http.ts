import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { localeOf } from '@kilas/platform/problems/problem.ts';
import { isPublicAddress } from '@kilas/platform/values/public-address.ts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { pressSandboxButton, type SandboxContext } from './sandbox.ts';
import { renderPayment, renderPayments } from './sandbox-page.ts';
import { findSandboxPaymentByToken, listLatestSandboxPayments } from './sandbox-store.ts';

/** Payments on the development page. */
const listedMax = 50;

const params = z.object({ token: z.string().max(100) });
const body = z.strictObject({ action: z.enum(['pay', 'decline']).default('pay') }).nullish();

/**
 * The company's own pages; whoever holds the link to a payment may pay it. All links are listed for development, and never
 * where strangers come.
 */
export function registerSandboxPages(app: HttpApp, ctx: SandboxContext): void {
  app.register(async (scope: HttpApp) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => {
      done(null, Object.fromEntries(new URLSearchParams(text.toString())));
    });
    scope.get('/sandbox/payments', { schema: { hide: true } }, async (request, reply) => {
      if (isPublicAddress(ctx.config.PUBLIC_URL)) refuse('ROUTE_NOT_FOUND');
      const payments = await listLatestSandboxPayments(ctx.db, listedMax);
      return sendPage(reply, renderPayments(payments, localeOf(request.headers['accept-language']), ctx.clock.now()));
    });
    scope.get('/sandbox/payments/:token', { schema: { hide: true, params } }, async (request, reply) => {
      const payment = await findSandboxPaymentByToken(ctx.db, request.params.token);
      if (payment === undefined) refuse('ROUTE_NOT_FOUND');
      return sendPage(reply, renderPayment(payment, localeOf(request.headers['accept-language']), ctx.clock.now()));
    });
    scope.post('/sandbox/payments/:token', { schema: { hide: true, params, body } }, async (request, reply) => {
      const { token } = request.params;
      if ((await findSandboxPaymentByToken(ctx.db, token)) === undefined) refuse('ROUTE_NOT_FOUND');
      await pressSandboxButton(ctx, token, request.body?.action ?? 'pay');
      return reply.redirect(`/sandbox/payments/${encodeURIComponent(token)}`, 303);
    });
  });
}

function sendPage(reply: FastifyReply, html: string) {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    .send(html);
}
