import { messages, plural } from '../../i18n/messages.ts';

export const cartTexts = messages({
  en: {
    title: 'Cart',
    empty: 'Your cart is empty',
    emptyText: 'Add photos from your own, or from an event. They stay here until you buy them or take them out.',
    checkout: 'Check out',
    unavailable: (count: number) => `${plural(count, 'photo', 'photos')} cannot be bought right now.`,
    removeUnavailable: 'Take them out',
    nothingLeft: 'None of these photos can be bought now.',
    remove: (title: string) => `Take ${title} out of the cart`,
  },
  id: {
    title: 'Keranjang',
    empty: 'Keranjang Anda kosong',
    emptyText:
      'Masukkan foto dari foto Anda atau dari sebuah acara. Foto tetap di sini sampai Anda membeli atau mengeluarkannya.',
    checkout: 'Lanjut bayar',
    unavailable: (count: number) => `${count} foto saat ini tidak dapat dibeli.`,
    removeUnavailable: 'Keluarkan semuanya',
    nothingLeft: 'Saat ini tidak satu pun dari foto ini dapat dibeli.',
    remove: (title: string) => `Keluarkan ${title} dari keranjang`,
  },
});
