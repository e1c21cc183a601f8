import { type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { serviceEnv } from '@kilas/platform/service/service-config.ts';
import { isPublicAddress } from '@kilas/platform/values/public-address.ts';
import { isTimeZone } from '@kilas/platform/values/time-zone.ts';
import { type ErasureJournalEnv, erasureJournalEnv, erasureJournalStoreEnv } from '@kilas/storage/erasure-journal.ts';
import { z } from 'zod';

export const userEnv = serviceEnv.extend(erasureJournalEnv.shape).extend({
  /** "folder:/var/lib/kilas/mail" keeps mails as files and shows them at /dev/mail; "smtp://…" sends them. */
  MAIL_URL: z.string().regex(/^(folder:|smtps?:\/\/)/),
  /** The web client that people use; mails and pages lead there. Without it they lead nowhere: the API itself has no pages. */
  SITE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  MAIL_FROM: z.string().default('Kilas <no-reply@localhost>'),
  /** The time zone of members who chose none. Kilas reads the clocks of their cameras in it, if neither the file nor an event names a zone. */
  DEFAULT_TIME_ZONE: z.string().refine(isTimeZone, 'expected an IANA name, e.g. Asia/Jakarta').default('Asia/Jakarta'),
});

export type UserConfig = ErasureJournalEnv & z.output<typeof userEnv>;

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): UserConfig {
  const isOpenToStrangers = isPublicAddress(env.PUBLIC_URL);
  const MAIL_URL = userEnv.shape.MAIL_URL.refine(
    (url) => !(isOpenToStrangers && url.startsWith('folder:')),
    'a folder shows every mail to whoever comes to /dev/mail: name a server that delivers where PUBLIC_URL is https',
  );
  return parseEnv(z.intersection(erasureJournalStoreEnv(env), userEnv.extend({ MAIL_URL })), env);
}
