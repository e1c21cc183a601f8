import { messages } from '../i18n/messages.ts';

/** What is said of photos on several pages. */
export const photoTexts = messages({
  en: {
    exclusive: 'Exclusive',
    free: 'Free',
    bought: 'Bought',
    by: (name: string) => `by ${name}`,
    photo: 'Photo',
    yes: 'Yes, that’s me',
    no: 'Not me',
    undo: 'Take my answer back',
    answered: {
      confirmed: 'Added to your photos.',
      rejected: 'This photo is no longer among yours.',
    },
    takenOut: {
      cart: 'Taken out of your cart.',
      wishlist: 'Taken off your wishlist.',
      favourites: 'Taken out of your favourites.',
    },
    add: {
      cart: 'Add to cart',
      wishlist: 'Add to wishlist',
      favourites: 'Add to favourites',
    },
    remove: {
      cart: 'Take out of the cart',
      wishlist: 'Take off the wishlist',
      favourites: 'Take out of favourites',
    },
    reasons: {
      PHOTO_OWN: 'This is your own photo.',
      PHOTO_ALREADY_LICENSED: 'You have bought this photo.',
      PHOTO_NOT_ON_SALE: 'Not on sale any more.',
      PHOTO_SOLD: 'Sold to somebody else: it was exclusive.',
      ORDER_OPEN_FOR_PHOTO: 'It is in an open order of yours. Pay or cancel that one.',
      PHOTO_RESERVED: 'Somebody is paying for it right now. It may be free again in a few minutes.',
      PHOTO_HELD_UNPAID: 'You reserved it several times without paying. Others go first now; try again later.',
      PHOTO_NOT_FOUND: 'You can no longer see this photo.',
    },
    otherReason: 'It cannot be bought right now.',
  },
  id: {
    exclusive: 'Eksklusif',
    free: 'Gratis',
    bought: 'Sudah dibeli',
    by: (name: string) => `oleh ${name}`,
    photo: 'Foto',
    yes: 'Ya, itu saya',
    no: 'Bukan saya',
    undo: 'Tarik kembali jawaban saya',
    answered: {
      confirmed: 'Ditambahkan ke foto Anda.',
      rejected: 'Foto ini tidak lagi termasuk foto Anda.',
    },
    takenOut: {
      cart: 'Dikeluarkan dari keranjang.',
      wishlist: 'Dikeluarkan dari daftar keinginan.',
      favourites: 'Dikeluarkan dari favorit.',
    },
    add: {
      cart: 'Masukkan ke keranjang',
      wishlist: 'Tambahkan ke daftar keinginan',
      favourites: 'Tambahkan ke favorit',
    },
    remove: {
      cart: 'Keluarkan dari keranjang',
      wishlist: 'Keluarkan dari daftar keinginan',
      favourites: 'Keluarkan dari favorit',
    },
    reasons: {
      PHOTO_OWN: 'Ini foto Anda sendiri.',
      PHOTO_ALREADY_LICENSED: 'Anda sudah membeli foto ini.',
      PHOTO_NOT_ON_SALE: 'Tidak dijual lagi.',
      PHOTO_SOLD: 'Terjual kepada orang lain: foto ini eksklusif.',
      ORDER_OPEN_FOR_PHOTO: 'Foto ini ada di pesanan Anda yang masih terbuka. Bayar atau batalkan pesanan itu.',
      PHOTO_RESERVED: 'Orang lain sedang membayarnya. Mungkin tersedia lagi dalam beberapa menit.',
      PHOTO_HELD_UNPAID: 'Anda beberapa kali memesannya tanpa membayar. Sekarang giliran orang lain; coba lagi nanti.',
      PHOTO_NOT_FOUND: 'Anda tidak dapat melihat foto ini lagi.',
    },
    otherReason: 'Saat ini tidak dapat dibeli.',
  },
});

type Texts = (typeof photoTexts)['en'];

/** Why a photo cannot be bought, in words. */
export function reasonText(texts: Texts, reason: string | null): string {
  const reasons: Readonly<Record<string, string>> = texts.reasons;
  return reasons[reason ?? ''] ?? texts.otherReason;
}
