import { messages } from '../../i18n/messages.ts';

export const noticesTexts = messages({
  en: {
    title: 'Notices',
    empty: 'Nothing new',
    emptyText: 'When you are found in a photo, when an order is paid or a photo of yours is sold, you read it here.',
    allRead: 'Mark all as read',
    unread: 'New',
    more: 'Show older ones',
  },
  id: {
    title: 'Pemberitahuan',
    empty: 'Tidak ada yang baru',
    emptyText:
      'Saat Anda ditemukan di sebuah foto, saat pesanan dibayar, atau foto Anda terjual, kabarnya tampil di sini.',
    allRead: 'Tandai semua sudah dibaca',
    unread: 'Baru',
    more: 'Tampilkan yang lebih lama',
  },
});
