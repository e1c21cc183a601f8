import type { Locale } from '@kilas/platform/problems/problem.ts';

/** What one mail says; `{name}` is filled from its params. The button leads to the mail's link. */
export interface MailText {
  readonly subject: string;
  readonly before: readonly string[];
  readonly button: string;
  readonly after: readonly string[];
}

/** Every mail of the product, in English and Indonesian. */
export const mails = {
  verifyEmail: {
    en: {
      subject: 'Confirm your e-mail address',
      before: [
        'Welcome to Kilas.',
        'Somebody, hopefully you, registered the username {username} with this address. Confirm it to open the account:',
      ],
      button: 'Confirm my address',
      after: [
        'The link works for {hours} hours, once.',
        'If {username} is not the name you chose, do not open the link: without it there is no account.',
      ],
    },
    id: {
      subject: 'Konfirmasikan alamat surel Anda',
      before: [
        'Selamat datang di Kilas.',
        'Seseorang, semoga Anda sendiri, mendaftarkan nama pengguna {username} dengan alamat ini. Konfirmasikan untuk membuka akun:',
      ],
      button: 'Konfirmasi alamat saya',
      after: [
        'Tautan ini berlaku {hours} jam, satu kali.',
        'Jika {username} bukan nama yang Anda pilih, jangan buka tautannya: tanpa itu tidak ada akun.',
      ],
    },
  },
  alreadyRegistered: {
    en: {
      subject: 'You already have an account',
      before: [
        'Somebody, probably you, tried to register with this address. You already have an account; your username is {username}.',
      ],
      button: 'Sign in',
      after: ['If it was not you, there is nothing to do: nothing about your account has changed.'],
    },
    id: {
      subject: 'Anda sudah memiliki akun',
      before: [
        'Seseorang, mungkin Anda sendiri, mencoba mendaftar dengan alamat ini. Anda sudah memiliki akun; nama pengguna Anda {username}.',
      ],
      button: 'Masuk',
      after: ['Jika bukan Anda, tidak perlu melakukan apa pun: akun Anda tidak berubah.'],
    },
  },
} as const satisfies Record<string, Record<Locale, MailText>>;

export type MailKind = keyof typeof mails;
