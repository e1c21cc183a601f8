import { messages, plural } from '../../i18n/messages.ts';

/** What the cart, the checkout and the orders have in common. */
export const buyingTexts = messages({
  en: {
    before: 'Before:',
    now: 'Now:',
    total: 'Total',
    photos: (count: number) => plural(count, 'photo', 'photos'),
    priceChanged: 'Prices have changed since you last looked. The new total counts them.',
    toOrder: 'To that order',
    toMyPhotos: 'To my photos',
    toOrders: 'To my orders',
  },
  id: {
    before: 'Sebelumnya:',
    now: 'Sekarang:',
    total: 'Total',
    photos: (count: number) => `${count} foto`,
    priceChanged: 'Harga berubah sejak terakhir Anda lihat. Total yang baru sudah memperhitungkannya.',
    toOrder: 'Ke pesanan itu',
    toMyPhotos: 'Ke foto saya',
    toOrders: 'Ke pesanan saya',
  },
});
