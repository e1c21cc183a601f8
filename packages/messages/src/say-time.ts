import type { Locale } from '@kilas/platform/problems/problem.ts';

/** Who reads a page is not known by their zone. Money is in rupiah, so the zone is that of Jakarta; it is named. */
const timeZone = 'Asia/Jakarta';

const formatOf = (language: string) =>
  new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });

const formats: Readonly<Record<Locale, Intl.DateTimeFormat>> = { en: formatOf('en-GB'), id: formatOf('id-ID') };

/** A time as a person reads it, with its zone: "30 November 2026 pukul 03.27 WIB". */
export function sayTime(time: Date, locale: Locale): string {
  return formats[locale].format(time);
}

/** The same in HTML, where programs find the exact time beside it. */
export function timeElement(time: Date, locale: Locale): string {
  return `<time datetime="${time.toISOString()}">${sayTime(time, locale)}</time>`;
}
