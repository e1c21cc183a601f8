import type { Locale } from '@kilas/platform/problems/problem.ts';
import { fillText } from './fill-text.ts';

/** What a creator may send with a photo and change later. */
export const photoFieldNames = ['eventId', 'title', 'description', 'priceIdr', 'sale', 'place'] as const;
export type PhotoFieldName = (typeof photoFieldNames)[number];

const names: Readonly<Record<Locale, Readonly<Record<PhotoFieldName, string>>>> = {
  en: {
    eventId: 'the event',
    title: 'the title',
    description: 'the description',
    priceIdr: 'the price',
    sale: 'how it is sold',
    place: 'the place',
  },
  id: {
    eventId: 'acara',
    title: 'judul',
    description: 'deskripsi',
    priceIdr: 'harga',
    sale: 'cara penjualan',
    place: 'tempat',
  },
};

const texts: Readonly<Record<Locale, { readonly same: string; readonly other: string }>> = {
  en: {
    same: 'You have sent this photo before; it is already here.',
    other:
      'You have sent this photo before. It stays as it is, and what you sent now was not taken over: {fields}. Edit the photo to change it.',
  },
  id: {
    same: 'Foto ini sudah pernah Anda kirim; fotonya sudah ada di sini.',
    other:
      'Foto ini sudah pernah Anda kirim. Foto tetap seperti semula, dan yang Anda kirim sekarang tidak diterapkan: {fields}. Sunting fotonya untuk mengubahnya.',
  },
};

/** What a creator reads who sends a photo again, perhaps with something else than it has. */
export function duplicateText(notApplied: readonly PhotoFieldName[], locale: Locale): string {
  const { same, other } = texts[locale];
  const fields = notApplied.map((field) => names[locale][field]);
  return fields.length === 0 ? same : fillText(other, { fields: fields.join(', ') });
}
