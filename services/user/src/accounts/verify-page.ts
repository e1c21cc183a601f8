import { fillText } from '@kilas/messages/fill-text.ts';
import { problems } from '@kilas/messages/problems.ts';
import { verifyPages } from '@kilas/messages/verify-pages.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { type Locale, localeOf, problemOf } from '@kilas/platform/problems/problem.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import type { FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { escapeHtml } from '../mail/escape-html.ts';
import { verificationToken } from './http.ts';
import { verifyEmail } from './verify-email.ts';

const formSizeMaxBytes = 4096;

/**
 * The pages behind links that were mailed before the web app had a page for them. Opening one changes nothing, since mail scanners open
 * links: the button does.
 */
export function registerVerifyPages(app: HttpApp, ctx: UserContext): void {
  app.get(
    '/verify-email',
    { schema: { hide: true, querystring: z.object({ token: verificationToken }) } },
    async (request, reply) => {
      const locale = localeOf(request.headers['accept-language']);
      return sendPage(reply, 200, askPage(locale, request.query.token));
    },
  );
  // A scope of its own: forms are read here and nowhere else.
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formSizeMaxBytes },
      async (_request: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
    );
    scope
      .withTypeProvider<ZodTypeProvider>()
      .post(
        '/verify-email',
        { schema: { hide: true, body: z.object({ token: verificationToken }) } },
        async (request, reply) => {
          const locale = localeOf(request.headers['accept-language']);
          try {
            const { username } = await verifyEmail(ctx, request.body);
            return sendPage(reply, 200, donePage(locale, username, ctx.config.SITE_URL));
          } catch (error) {
            const refusal = refusalOf(error);
            if (refusal === undefined) throw error;
            const { status, detail } = problemOf(refusal, problems, locale);
            return sendPage(
              reply,
              status,
              page(locale, verifyPages[locale].failedTitle, `<p>${escapeHtml(detail)}</p>`),
            );
          }
        },
      );
  });
}

function askPage(locale: Locale, token: string): string {
  const text = verifyPages[locale];
  const form = `<p>${escapeHtml(text.ask)}</p>
<form method="post" action="/verify-email">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<button>${escapeHtml(text.askButton)}</button>
</form>`;
  return page(locale, text.askTitle, form);
}

function donePage(locale: Locale, username: string, siteUrl: string | undefined): string {
  const text = verifyPages[locale];
  const done = `<p>${escapeHtml(fillText(text.done, { username }))}</p>`;
  const link =
    siteUrl === undefined ? '' : `\n<p><a href="${escapeHtml(siteUrl)}">${escapeHtml(text.doneLink)}</a></p>`;
  return page(locale, text.doneTitle, `${done}${link}`);
}

function page(locale: Locale, title: string, body: string): string {
  return `<!doctype html>
<html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>body{font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:4em auto;padding:0 1em}
button{font:inherit;padding:.5em 1em}</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>`;
}

function sendPage(reply: FastifyReply, status: number, html: string) {
  return reply
    .status(status)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html);
}
