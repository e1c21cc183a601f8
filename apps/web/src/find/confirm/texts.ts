import { messages } from '../../i18n/messages.ts';

export const confirmTexts = messages({
  en: {
    title: 'Confirm your address',
    text: 'One tap, and your account is ready.',
    confirm: 'Confirm my address',
    done: 'Your address is confirmed',
    doneText: 'Sign in to go on.',
    noToken: 'This link is not complete. Copy all of it from the mail, or ask for a new one.',
    toSignIn: 'To the sign-in page',
    newLink: 'Your e-mail, for a new link',
    sendNew: 'Send a new link',
  },
  id: {
    title: 'Konfirmasi alamat Anda',
    text: 'Satu ketukan, dan akun Anda siap.',
    confirm: 'Konfirmasi alamat saya',
    done: 'Alamat Anda sudah dikonfirmasi',
    doneText: 'Masuk untuk melanjutkan.',
    noToken: 'Tautan ini tidak lengkap. Salin seluruhnya dari surel, atau minta yang baru.',
    toSignIn: 'Ke halaman masuk',
    newLink: 'Surel Anda, untuk tautan baru',
    sendNew: 'Kirim tautan baru',
  },
});
