import { timeElement } from '@kilas/messages/say-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { type Locale, localeOf } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';
import { emailLengthMax, normalAddress } from './address.ts';
import { escapeHtml } from './escape-html.ts';
import type { FolderMailer, KeptMail } from './folder-mailer.ts';

const mailsShownMax = 100;

/** Shows the mails of a machine that sends none. Whoever reaches these pages reads every link: never with real mail. */
export function registerDevMail(app: HttpApp, mailer: FolderMailer): void {
  app.get('/dev/mail', { schema: { hide: true } }, async (request, reply) => {
    const mails = await mailer.list({ limit: mailsShownMax });
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    reply.header('cache-control', 'no-store');
    return reply.type('text/html; charset=utf-8').send(renderList(mails, localeOf(request.headers['accept-language'])));
  });
  app.get(
    '/dev/mail.json',
    {
      schema: {
        hide: true,
        querystring: z.strictObject({ to: z.string().max(emailLengthMax).transform(normalAddress).optional() }),
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { items: await mailer.list({ to: request.query.to, limit: mailsShownMax }) };
    },
  );
}

function renderList(mails: readonly KeptMail[], locale: Locale): string {
  const articles = mails.map(
    (mail) => `<article>
<h2>${escapeHtml(mail.subject)}</h2>
<p>${escapeHtml(mail.to)} · ${timeElement(new Date(mail.sentAt), locale)}</p>
<pre>${linkify(mail.text)}</pre>
</article>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Mail</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48em;margin:2em auto;padding:0 1em}
article{border-top:1px solid #ccc}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
<h1>Mail</h1>
${articles.join('\n') || '<p>No mail yet.</p>'}
</html>`;
}

function linkify(text: string): string {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => {
      const safe = escapeHtml(part);
      return index % 2 === 1 ? `<a href="${safe}">${safe}</a>` : safe;
    })
    .join('');
}
