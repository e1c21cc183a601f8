import { Outbox } from '@kilas/platform/events/outbox/outbox.ts';
import type { Jobs } from '@kilas/platform/jobs/jobs.ts';
import type { EventJournal } from '@kilas/platform/journal/event-journal.ts';
import { type BaseContext, openBase, openJobs } from '@kilas/platform/service/base-context.ts';
import type { Wiring } from '@kilas/platform/service/service.ts';
import { openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import { Passwords } from './accounts/passwords.ts';
import type { UserConfig } from './config.ts';
import type { UserSchema } from './db/schema.ts';
import { type Limits, openLimits } from './limits.ts';
import type { Mailer } from './mail/mail.ts';
import { openMailer } from './mail/open-mailer.ts';
import { publications } from './publications.ts';
import { SessionTokens } from './sessions/session-tokens.ts';

/** What every operation of this service gets first. */
export interface UserContext extends BaseContext<UserSchema> {
  readonly config: UserConfig;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly journal: EventJournal;
  readonly passwords: Passwords;
  readonly tokens: SessionTokens;
  readonly mailer: Mailer;
  readonly limits: Limits;
}

export function openContext(config: UserConfig, wiring: Wiring): UserContext {
  const { clock } = wiring;
  const base = openBase<UserSchema>('user', config, wiring);
  const jobs = openJobs(config, base.log);
  const journal = openErasureJournal(config);
  const outbox = new Outbox({ db: base.db, log: base.log, clock, publications, journal });
  const tokens = new SessionTokens({
    privateKey: config.SERVICE_PRIVATE_KEY,
    otherKeys: config.SERVICE_PUBLIC_KEYS.user ?? [],
    clock,
  });
  const mailer = openMailer({ url: config.MAIL_URL, from: config.MAIL_FROM, clock });
  const passwords = new Passwords();
  return { ...base, config, jobs, outbox, journal, passwords, tokens, mailer, limits: openLimits(base.shared) };
}
