import { messages, plural } from '../../i18n/messages.ts';

export const downloadTexts = messages({
  en: {
    download: (title: string) => `Download ${title}`,
    save: (title: string) => `Save ${title} to this device`,
    photo: 'the photo',
    all: (count: number) => (count === 1 ? 'Download the photo' : `Download all ${count} photos`),
    allUncounted: 'Download all photos',
    preparing: 'Preparing your photos for their first download …',
    begun: (count: number, size: string) =>
      `${plural(count, 'photo', 'photos')}, ${size}: your browser downloads them now.`,
    tapAgain: 'The photo is here. Press once more to save it.',
  },
  id: {
    download: (title: string) => `Unduh ${title}`,
    save: (title: string) => `Simpan ${title} ke perangkat ini`,
    photo: 'foto',
    all: (count: number) => (count === 1 ? 'Unduh foto' : `Unduh semua ${count} foto`),
    allUncounted: 'Unduh semua foto',
    preparing: 'Menyiapkan foto Anda untuk unduhan pertama …',
    begun: (count: number, size: string) => `${count} foto, ${size}: peramban Anda sedang mengunduhnya.`,
    tapAgain: 'Fotonya sudah siap. Tekan sekali lagi untuk menyimpannya.',
  },
});
