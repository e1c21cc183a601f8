import type { Locale } from '@kilas/platform/problems/problem.ts';

/** What the pages behind the verification link say. */
export const verifyPages = {
  en: {
    askTitle: 'Confirm your e-mail address',
    ask: 'One more click, and your account is open.',
    askButton: 'Confirm my address',
    doneTitle: 'Your address is confirmed',
    done: 'Your account {username} is open. You can sign in now.',
    doneLink: 'To Kilas',
    failedTitle: 'This did not work',
  },
  id: {
    askTitle: 'Konfirmasikan alamat surel Anda',
    ask: 'Satu klik lagi, dan akun Anda terbuka.',
    askButton: 'Konfirmasi alamat saya',
    doneTitle: 'Alamat Anda sudah dikonfirmasi',
    done: 'Akun {username} sudah terbuka. Anda dapat masuk sekarang.',
    doneLink: 'Ke Kilas',
    failedTitle: 'Tidak berhasil',
  },
} as const satisfies Record<Locale, Record<string, string>>;
