import type { Clock } from '@kilas/platform/process/clock.ts';
import { FolderMailer } from './folder-mailer.ts';
import type { Mailer } from './mail.ts';
import { SmtpMailer } from './smtp-mailer.ts';

const folderPrefix = 'folder:';

export function openMailer(options: { url: string; from: string; clock: Clock }): Mailer {
  const { url, from, clock } = options;
  return url.startsWith(folderPrefix)
    ? new FolderMailer({ folder: url.slice(folderPrefix.length), from, clock })
    : new SmtpMailer({ url, from });
}
