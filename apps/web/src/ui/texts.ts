import { messages } from '../i18n/messages.ts';

export const uiTexts = messages({
  en: {
    close: 'Close',
    cancel: 'Cancel',
    undo: 'Undo',
    retry: 'Try again',
    loading: 'Loading',
    unreachable: 'Kilas cannot be reached. Check your connection; nothing is lost.',
    unexpected: 'Something went wrong here. It is not your fault. Try again, or reload the page.',
    requestId: (id: string) => `If you report this, add the number ${id}.`,
    retryAfter: (seconds: number) => `Try again in ${seconds} seconds.`,
  },
  id: {
    close: 'Tutup',
    cancel: 'Batal',
    undo: 'Urungkan',
    retry: 'Coba lagi',
    loading: 'Memuat',
    unreachable: 'Kilas tidak dapat dihubungi. Periksa koneksi Anda; tidak ada yang hilang.',
    unexpected: 'Terjadi kesalahan di sini. Ini bukan salah Anda. Coba lagi, atau muat ulang halaman.',
    requestId: (id: string) => `Jika Anda melaporkan ini, sertakan nomor ${id}.`,
    retryAfter: (seconds: number) => `Coba lagi dalam ${seconds} detik.`,
  },
});
