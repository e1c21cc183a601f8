import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { z } from 'zod';
import type { Mail, Mailer } from './mail.ts';

/** Mails looked through for a list, the newest. */
const mailsReadMax = 500;

const keptMail = z.object({
  mailId: z.string(),
  sentAt: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});

export type KeptMail = z.output<typeof keptMail>;

/** Keeps each mail as a JSON file of a folder, for machines that send none. */
export class FolderMailer implements Mailer {
  readonly #folder: string;
  readonly #from: string;
  readonly #clock: Clock;

  constructor(options: { folder: string; from: string; clock: Clock }) {
    this.#folder = options.folder;
    this.#from = options.from;
    this.#clock = options.clock;
  }

  async send(mail: Mail): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const mailId = newId();
    const kept: KeptMail = { mailId, sentAt: this.#clock.now().toISOString(), from: this.#from, ...mail };
    // Renamed when whole: whoever lists the folder never reads half a mail.
    const temporary = path.join(this.#folder, `${mailId}.new`);
    await writeFile(temporary, JSON.stringify(kept, null, 2), { mode: 0o600 });
    await rename(temporary, path.join(this.#folder, `${mailId}.json`));
  }

  /** The newest mails, the newest first, those to one address if one is given. */
  async list(options: { to?: string | undefined; limit: number }): Promise<KeptMail[]> {
    const names = await readdir(this.#folder).catch(() => []);
    // The names are UUIDs of version 7, which sort by time.
    const newest = names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .reverse()
      .slice(0, mailsReadMax);
    const mails: KeptMail[] = [];
    for (const name of newest) {
      const mail = keptMail.parse(JSON.parse(await readFile(path.join(this.#folder, name), 'utf8')));
      if (options.to === undefined || mail.to === options.to) mails.push(mail);
      if (mails.length === options.limit) break;
    }
    return mails;
  }

  close(): void {}
}
