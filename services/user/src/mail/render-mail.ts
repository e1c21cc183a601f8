import { fillText } from '@kilas/messages/fill-text.ts';
import { type MailKind, type MailText, mails } from '@kilas/messages/mails.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import { escapeHtml } from './escape-html.ts';
import type { Mail } from './mail.ts';

export interface MailContent {
  readonly to: string;
  /** Where the mail's button leads; without it there is none. */
  readonly link: string | undefined;
  readonly params: Readonly<Record<string, string>>;
}

/** The mail in the reader's language, as plain text and as simple HTML. */
export function renderMail(kind: MailKind, locale: Locale, content: MailContent): Mail {
  const { to, link, params } = content;
  const text: MailText = mails[kind][locale];
  const before = text.before.map((line) => fillText(line, params));
  const after = text.after.map((line) => fillText(line, params));
  const paragraphs = (lines: readonly string[]) => lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  const html = [
    `<!doctype html><html lang="${locale}"><meta charset="utf-8">`,
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em">',
    paragraphs(before),
    ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link)}">${escapeHtml(text.button)}</a></p>`]),
    paragraphs(after),
    '</body></html>',
  ].join('\n');
  return {
    to,
    subject: fillText(text.subject, params),
    text: [...before, ...(link === undefined ? [] : [link]), ...after].join('\n\n'),
    html,
  };
}
