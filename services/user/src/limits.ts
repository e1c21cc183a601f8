import type { SharedState } from '@kilas/platform/shared/shared-state.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How often something may be tried. Limits by address are wide: at an event hundreds of visitors share one address.
 * Those by login and address come first, so that one address cannot use up what an account has. Where somebody signed in
 * with the right password lately, only these count: strangers with many addresses do not lock the owner out there.
 */
export function openLimits(shared: SharedState) {
  const limit = (name: string, attempts: number, windowSeconds: number) =>
    shared.rateLimit(`user-${name}`, { attempts, windowSeconds });
  return {
    registrationsByAddress: limit('registrations-by-address', 200, hour),
    mailsByEmailAndAddress: limit('mails-by-email-and-address', 5, hour),
    mailsByEmail: limit('mails-by-email', 15, hour),
    signInsByAddress: limit('sign-ins-by-address', 300, 15 * minute),
    signInsByLoginAndAddress: limit('sign-ins-by-login-and-address', 10, 15 * minute),
    signInsByLogin: limit('sign-ins-by-login', 30, 15 * minute),
    /** Pairs of login and address. */
    familiarSignIns: shared.cache('user-familiar-sign-ins', { seconds: 30 * day, entriesMax: 100_000 }),
    /** Each may be withdrawn, for which three services work; the withdrawal itself is never refused. */
    consentsByAccount: limit('consents-by-account', 20, hour),
    settingsChangesByAccount: limit('settings-changes-by-account', 120, hour),
    /** Photo is told of each new name, and shows it. */
    displayNamesByAccount: limit('display-names-by-account', 20, hour),
  };
}

export type Limits = ReturnType<typeof openLimits>;
