import type { Locale } from '@kilas/platform/problems/problem.ts';
import { fillText } from './fill-text.ts';
import { problems } from './problems.ts';

/** One text, or one about one photo and another about `{count}` of them. */
type NotificationText = string | { readonly one: string; readonly many: string };

/** Every notification of the product, in English and Indonesian. */
export const notificationTexts = {
  matches_found: {
    en: { one: 'You may be in a new photo.', many: 'You may be in {count} new photos.' },
    id: { one: 'Anda mungkin ada di satu foto baru.', many: 'Anda mungkin ada di {count} foto baru.' },
  },
  photos_bought: {
    en: { one: 'The photo that you bought is yours.', many: 'The {count} photos that you bought are yours.' },
    id: { one: 'Foto yang Anda beli kini milik Anda.', many: '{count} foto yang Anda beli kini milik Anda.' },
  },
  photos_sold: {
    en: { one: 'One of your photos was sold.', many: '{count} of your photos were sold.' },
    id: { one: 'Satu foto Anda terjual.', many: '{count} foto Anda terjual.' },
  },
  photos_failed: {
    en: {
      one: 'One of your photos could not be made ready for sale. {reason}',
      many: '{count} of your photos could not be made ready for sale. {reason}',
    },
    id: {
      one: 'Satu foto Anda tidak dapat disiapkan untuk dijual. {reason}',
      many: '{count} foto Anda tidak dapat disiapkan untuk dijual. {reason}',
    },
  },
  recognition_failed: {
    en: {
      one: 'One of your photos is on sale, but nobody can be found in it by face. {reason}',
      many: '{count} of your photos are on sale, but nobody can be found in them by face. {reason}',
    },
    id: {
      one: 'Satu foto Anda sudah dijual, tetapi tidak ada orang yang dapat ditemukan di dalamnya lewat wajah. {reason}',
      many: '{count} foto Anda sudah dijual, tetapi tidak ada orang yang dapat ditemukan di dalamnya lewat wajah. {reason}',
    },
  },
  facecam_failed: {
    en: 'A selfie of yours could not be enrolled. {reason}',
    id: 'Swafoto Anda tidak dapat didaftarkan. {reason}',
  },
  facecams_outdated: {
    en: 'Your selfies find no new photos after {date}. Please add a new one.',
    id: 'Swafoto Anda tidak menemukan foto baru setelah {date}. Silakan tambahkan yang baru.',
  },
  face_enrolled_by_me: {
    en: 'The face that you enrolled is very like that of another account.',
    id: 'Wajah yang Anda daftarkan sangat mirip dengan wajah akun lain.',
  },
  face_enrolled_by_another: {
    en: 'Another account enrolled a face that is very like yours.',
    id: 'Akun lain mendaftarkan wajah yang sangat mirip dengan wajah Anda.',
  },
  event_creator_invited: {
    en: 'You are invited to put photos into an event. Accept or decline it.',
    id: 'Anda diundang untuk memasukkan foto ke sebuah acara. Terima atau tolak undangannya.',
  },
  event_creator_accepted: {
    en: 'A creator accepted your invitation to an event.',
    id: 'Seorang kreator menerima undangan Anda ke sebuah acara.',
  },
  event_creator_declined: {
    en: 'A creator declined your invitation to an event.',
    id: 'Seorang kreator menolak undangan Anda ke sebuah acara.',
  },
  event_creator_left: {
    en: 'A creator left your event. Their photos stay in it.',
    id: 'Seorang kreator meninggalkan acara Anda. Fotonya tetap ada di acara itu.',
  },
  event_creator_removed: {
    en: 'You no longer take part in an event. Your photos in it stay yours.',
    id: 'Anda tidak lagi ikut dalam sebuah acara. Foto Anda di sana tetap milik Anda.',
  },
} as const satisfies Record<string, Record<Locale, NotificationText>>;

export type NotificationTextName = keyof typeof notificationTexts;

/** Where several reasons are in one notification. */
const seeList = {
  en: 'The list of your photos says why for each.',
  id: 'Daftar foto Anda menyebutkan alasannya satu per satu.',
} as const satisfies Record<Locale, string>;

/** What a person reads of a notification. Of several reasons none is named. */
export function notificationText(
  name: NotificationTextName,
  locale: Locale,
  about: { count?: number; reasons?: readonly string[]; date?: Date } = {},
): string {
  const { count = 1, reasons = [], date } = about;
  const text: NotificationText = notificationTexts[name][locale];
  const params = {
    count: count.toLocaleString(locale),
    reason: reasonText(reasons, locale),
    date: date === undefined ? '' : date.toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' }),
  };
  const chosen = typeof text === 'string' ? text : count === 1 ? text.one : text.many;
  return fillText(chosen, params).trim();
}

/** Empty for a reason that is unknown here, or whose text needs more than we know. */
function reasonText(reasons: readonly string[], locale: Locale): string {
  const [reason, ...others] = new Set(reasons);
  if (reason === undefined) return '';
  if (others.length > 0) return seeList[locale];
  const known = Object.entries(problems).find(([code]) => code === reason)?.[1][locale] ?? '';
  return known.includes('{') ? '' : known;
}
