import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

export const userProblems = {
  USERNAME_TAKEN: {
    code: Code.AlreadyExists,
    en: 'This username is taken. Please choose another one.',
    id: 'Nama pengguna ini sudah dipakai. Silakan pilih yang lain.',
  },
  VERIFICATION_LINK_INVALID: {
    code: Code.FailedPrecondition,
    en: 'This link is not valid. Please copy it completely, or ask for a new one.',
    id: 'Tautan ini tidak sah. Salin tautannya dengan lengkap, atau minta yang baru.',
  },
  VERIFICATION_LINK_EXPIRED: {
    code: Code.FailedPrecondition,
    en: 'This link has expired. Please ask for a new one.',
    id: 'Tautan ini sudah kedaluwarsa. Silakan minta yang baru.',
  },
  VERIFICATION_LINK_USED: {
    code: Code.FailedPrecondition,
    en: 'This link was used already. You can sign in.',
    id: 'Tautan ini sudah dipakai. Anda dapat masuk.',
  },
  SIGN_IN_FAILED: {
    code: Code.Unauthenticated,
    en: 'The name and the password do not fit together.',
    id: 'Nama dan kata sandi tidak cocok.',
  },
  EMAIL_NOT_VERIFIED: {
    code: Code.PermissionDenied,
    en: 'Please open the link that we sent you by e-mail first.',
    id: 'Silakan buka dulu tautan yang kami kirim lewat surel.',
  },
  REFRESH_TOKEN_MISSING: {
    code: Code.Unauthenticated,
    en: 'The request carries no refresh token. Please sign in.',
    id: 'Permintaan tidak membawa token penyegar. Silakan masuk.',
  },
  REFRESH_TOKEN_INVALID: {
    code: Code.Unauthenticated,
    en: 'The refresh token is not valid. Please sign in again.',
    id: 'Token penyegar tidak sah. Silakan masuk lagi.',
  },
  ORIGIN_NOT_ALLOWED: {
    code: Code.PermissionDenied,
    en: 'Pages of this origin may not do this.',
    id: 'Halaman dari asal ini tidak boleh melakukan ini.',
  },
  SESSION_NOT_FOUND: {
    code: Code.NotFound,
    en: 'You have no such session.',
    id: 'Anda tidak memiliki sesi ini.',
  },
  CONSENT_VERSION_OUTDATED: {
    code: Code.AlreadyExists,
    en: 'The text of the consent has changed. Please read version {version} first.',
    id: 'Teks persetujuan telah berubah. Silakan baca versi {version} dulu.',
  },
  CONSENT_NOT_GIVEN: {
    code: Code.FailedPrecondition,
    en: 'There is no consent to withdraw.',
    id: 'Tidak ada persetujuan yang dapat dicabut.',
  },
  RECEIPT_NOT_FOUND: {
    code: Code.NotFound,
    en: 'You have no such receipt.',
    id: 'Anda tidak memiliki tanda terima ini.',
  },
} as const satisfies ProblemCatalogue;
