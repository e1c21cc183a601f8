import { messages } from '../../../i18n/messages.ts';

export const eventPageTexts = messages({
  en: {
    onlyMine: 'The photos of this event are shown to those who are in them. Show your face, and see yours.',
    photos: 'Photos',
    mine: 'My photos here',
    noPhotos: 'No photos yet',
    noPhotosText:
      'The photographers are still uploading. Show your face now, and a notice tells you when you are found.',
    notFound: 'This event is not open to you',
    notFoundText: 'The link may not be complete: ask whoever sent it for all of it. If you were found there, sign in.',
    signIn: 'Sign in',
    toEvents: 'To the events',
  },
  id: {
    onlyMine:
      'Foto acara ini hanya ditampilkan kepada orang yang ada di dalamnya. Tunjukkan wajah Anda, lalu lihat foto Anda.',
    photos: 'Foto',
    mine: 'Foto saya di sini',
    noPhotos: 'Belum ada foto',
    noPhotosText:
      'Fotografer masih mengunggah. Tunjukkan wajah Anda sekarang, dan pemberitahuan datang saat foto Anda ditemukan.',
    notFound: 'Acara ini tidak terbuka untuk Anda',
    notFoundText:
      'Tautannya mungkin tidak lengkap: minta tautan lengkap dari pengirimnya. Jika Anda ada di foto acara ini, silakan masuk.',
    signIn: 'Masuk',
    toEvents: 'Ke daftar acara',
  },
});
