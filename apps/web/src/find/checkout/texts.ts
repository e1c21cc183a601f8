import { messages } from '../../i18n/messages.ts';

export const checkoutTexts = messages({
  en: {
    title: 'Checkout',
    empty: 'There is nothing to pay for',
    emptyText: 'Choose photos first; whatever is in your cart can be paid for here.',
    pay: (total: string) => `Pay ${total}`,
    takeFree: 'Get the photos for free',
    payNote: 'You pay on the page of the payment provider. Until then the photos are reserved for you.',
    freeNote: 'These photos cost nothing: they are yours at once.',
    left: 'These photos cannot be bought and are not in the total:',
    toCart: 'Back to the cart',
  },
  id: {
    title: 'Pembayaran',
    empty: 'Tidak ada yang perlu dibayar',
    emptyText: 'Pilih foto dahulu; semua yang ada di keranjang dapat dibayar di sini.',
    pay: (total: string) => `Bayar ${total}`,
    takeFree: 'Ambil foto gratis',
    payNote: 'Anda membayar di halaman penyedia pembayaran. Sementara itu foto dicadangkan untuk Anda.',
    freeNote: 'Foto ini gratis: langsung menjadi milik Anda.',
    left: 'Foto berikut tidak dapat dibeli dan tidak dihitung dalam total:',
    toCart: 'Kembali ke keranjang',
  },
});
