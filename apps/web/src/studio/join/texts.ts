import { messages } from '../../i18n/messages.ts';

export const joinTexts = messages({
  en: {
    title: 'Sell your photos',
    intro:
      'You photograph runs, weddings or concerts. People find themselves in your photos by a selfie, and buy them from you.',
    upload: 'Upload thousands of photos at once. Each gets a watermark until somebody buys it.',
    price: 'You set each price and can change it at any time.',
    rights: 'The photos stay yours. A buyer gets the original and may use it for themselves.',
    commission: (percent: number) =>
      `Kilas keeps ${percent}% of each sale; the rest is yours and shows in your wallet at once.`,
    consent: 'People are found only if they agreed to it. Who withdraws is no longer found, and their face is erased.',
    name: 'Display name',
    nameHint: 'Buyers see it beside your photos. You can change it.',
    submit: 'Become a creator',
    change: 'Change the name',
    isCreator: (name: string) => `You sell as ${name}.`,
    toStudio: 'To the studio',
    welcome: 'Welcome to the studio.',
  },
  id: {
    title: 'Jual foto Anda',
    intro:
      'Anda memotret lomba lari, pernikahan, atau konser. Orang menemukan diri mereka di foto Anda lewat swafoto, lalu membelinya dari Anda.',
    upload: 'Unggah ribuan foto sekaligus. Setiap foto diberi tanda air sampai ada yang membelinya.',
    price: 'Anda menentukan setiap harga dan dapat mengubahnya kapan saja.',
    rights: 'Foto tetap milik Anda. Pembeli mendapat berkas asli dan boleh memakainya untuk diri sendiri.',
    commission: (percent: number) =>
      `Kilas mengambil ${percent}% dari setiap penjualan; sisanya milik Anda dan langsung tampak di dompet.`,
    consent:
      'Orang hanya ditemukan jika mereka setuju. Yang menarik persetujuannya tidak lagi ditemukan, dan wajahnya dihapus.',
    name: 'Nama tampilan',
    nameHint: 'Pembeli melihatnya di samping foto Anda. Anda dapat mengubahnya.',
    submit: 'Jadi kreator',
    change: 'Ubah nama',
    isCreator: (name: string) => `Anda berjualan sebagai ${name}.`,
    toStudio: 'Ke studio',
    welcome: 'Selamat datang di studio.',
  },
});
