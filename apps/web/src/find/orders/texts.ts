import { messages, plural } from '../../i18n/messages.ts';

export const ordersTexts = messages({
  en: {
    title: 'Orders',
    empty: 'You have not ordered anything yet',
    emptyText: 'Choose photos of yours and pay for them; every order then stands here.',
    more: 'Show older ones',
    photos: (count: number) => plural(count, 'photo', 'photos'),
    states: {
      pending: 'Waiting for payment',
      paid: 'Paid',
      expired: 'Expired',
      cancelled: 'Cancelled',
    },
  },
  id: {
    title: 'Pesanan',
    empty: 'Anda belum memesan apa pun',
    emptyText: 'Pilih foto Anda lalu bayar; setiap pesanan akan tampil di sini.',
    more: 'Tampilkan yang lebih lama',
    photos: (count: number) => `${count} foto`,
    states: {
      pending: 'Menunggu pembayaran',
      paid: 'Sudah dibayar',
      expired: 'Kedaluwarsa',
      cancelled: 'Dibatalkan',
    },
  },
});
