import type { Language } from './language.ts';
import { useLanguage } from './messages.ts';

const tags: Readonly<Record<Language, string>> = { en: 'en-GB', id: 'id-ID' };

/** Numbers, money and times as people of a language write them. */
export function formatOf(language: Language) {
  const tag = tags[language];
  const number = new Intl.NumberFormat(tag);
  const rupiah = new Intl.NumberFormat('id-ID', { style: 'currency', currency: 'IDR', maximumFractionDigits: 0 });
  return {
    number: (value: number) => number.format(value),
    /** Whole rupiah: "Rp 50.000" in either language, as it is written on every price tag of the country. */
    rupiah: (value: number) => rupiah.format(value),
    /** "1.4 MB". */
    bytes: (value: number) => bytesIn(tag, value),
    /** A day in a time zone: "Sun, 29 Nov 2026"; without a zone that of the browser. */
    day: (time: string | Date, timeZone?: string) =>
      dateTime(tag, time, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }, timeZone),
    /** "07:30". */
    clock: (time: string | Date, timeZone?: string) =>
      dateTime(tag, time, { hour: '2-digit', minute: '2-digit' }, timeZone),
    /** "29 Nov 2026, 07:30". */
    moment: (time: string | Date, timeZone?: string) =>
      dateTime(
        tag,
        time,
        { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
        timeZone,
      ),
    /** From one day to another, said once where they are the same. */
    days: (from: string, to: string, timeZone?: string) => {
      const options = { day: 'numeric', month: 'short', year: 'numeric', ...zoneOf(timeZone) } as const;
      return new Intl.DateTimeFormat(tag, options).formatRange(new Date(from), new Date(to));
    },
    /** From one moment to another, with the zone: "2 Nov 2026, 05:00–11:00 GMT+7". */
    span: (from: string, to: string, timeZone: string) => {
      const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
      const clock = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone } as const;
      return new Intl.DateTimeFormat(tag, { ...day, ...clock }).formatRange(new Date(from), new Date(to));
    },
    /** "3 minutes ago". */
    ago: (time: string, now = Date.now()) => agoIn(tag, (Date.parse(time) - now) / 1_000),
  };
}

export type Format = ReturnType<typeof formatOf>;

const known = new Map<Language, Format>();

export function useFormat(): Format {
  const language = useLanguage();
  const format = known.get(language) ?? formatOf(language);
  known.set(language, format);
  return format;
}

function dateTime(tag: string, time: string | Date, options: Intl.DateTimeFormatOptions, timeZone?: string): string {
  return new Intl.DateTimeFormat(tag, { ...options, ...zoneOf(timeZone) }).format(new Date(time));
}

function zoneOf(timeZone: string | undefined): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}

function bytesIn(tag: string, value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  const style = { style: 'unit', unit: units[power] ?? 'byte', unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(tag, { ...style, maximumSignificantDigits: 3 }).format(value / 1_000 ** power);
}

function agoIn(tag: string, seconds: number): string {
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), 'second');
}
