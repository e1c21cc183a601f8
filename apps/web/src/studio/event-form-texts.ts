import { messages } from '../i18n/messages.ts';

export const eventFormTexts = messages({
  en: {
    name: 'Name',
    namePlaceholder: 'Jakarta Morning Run 2026',
    starts: 'Begins',
    ends: 'Ends',
    timesMissing: 'Choose a day and a time.',
    timeZone: 'Time zone of the place',
    timeZoneHint: 'The clocks of the cameras are read by it.',
    place: 'Place',
    placeHint: 'If you like: a town, a stadium, a street.',
    visibility: 'Who may see the photos',
    visibilityTexts: {
      matches:
        'Whoever holds the link sees the name and the time, and finds themselves by a selfie. Nobody browses the photos of others.',
      unlisted: 'Whoever holds the link browses all photos, with a watermark. The event is listed nowhere.',
      public: 'The event stands on the home page, and everybody browses its photos, with a watermark.',
    },
    retention: 'Keep nameless faces for',
    retentionHint:
      'Days after the end of the event. Until then people who come later are still found; afterwards the faces of all others are erased.',
    days: 'days',
  },
  id: {
    name: 'Nama',
    namePlaceholder: 'Lari Pagi Jakarta 2026',
    starts: 'Mulai',
    ends: 'Selesai',
    timesMissing: 'Pilih hari dan jam.',
    timeZone: 'Zona waktu tempatnya',
    timeZoneHint: 'Jam pada kamera dibaca menurut zona ini.',
    place: 'Tempat',
    placeHint: 'Kalau mau: kota, stadion, atau jalan.',
    visibility: 'Siapa yang boleh melihat fotonya',
    visibilityTexts: {
      matches:
        'Pemegang tautan melihat nama dan waktunya, lalu menemukan dirinya lewat swafoto. Tidak ada yang menelusuri foto orang lain.',
      unlisted: 'Pemegang tautan menelusuri semua foto, dengan tanda air. Acara tidak tercantum di mana pun.',
      public: 'Acara tampil di halaman utama, dan semua orang menelusuri fotonya, dengan tanda air.',
    },
    retention: 'Simpan wajah tanpa nama selama',
    retentionHint:
      'Hari setelah acara selesai. Sampai saat itu orang yang datang belakangan masih ditemukan; sesudahnya wajah semua orang lain dihapus.',
    days: 'hari',
  },
});
