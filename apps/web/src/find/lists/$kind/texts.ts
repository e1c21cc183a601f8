import { messages } from '../../../i18n/messages.ts';

export const listTexts = messages({
  en: {
    titles: { wishlist: 'Wishlist', favourites: 'Favourites' },
    empty: { wishlist: 'Your wishlist is empty', favourites: 'You have no favourites yet' },
    emptyText: {
      wishlist: 'Press the star at a photo that you may want to buy later.',
      favourites: 'Press the heart at a photo that you like.',
    },
  },
  id: {
    titles: { wishlist: 'Daftar keinginan', favourites: 'Favorit' },
    empty: { wishlist: 'Daftar keinginan Anda kosong', favourites: 'Anda belum punya favorit' },
    emptyText: {
      wishlist: 'Tekan bintang pada foto yang mungkin ingin Anda beli nanti.',
      favourites: 'Tekan hati pada foto yang Anda suka.',
    },
  },
});
