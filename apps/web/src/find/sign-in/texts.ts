import { messages } from '../../i18n/messages.ts';

export const signInTexts = messages({
  en: {
    title: 'Sign in',
    login: 'E-mail or username',
    password: 'Password',
    submit: 'Sign in',
    noAccount: 'No account yet?',
    signUp: 'Sign up',
  },
  id: {
    title: 'Masuk',
    login: 'Surel atau nama pengguna',
    password: 'Kata sandi',
    submit: 'Masuk',
    noAccount: 'Belum punya akun?',
    signUp: 'Daftar',
  },
});
