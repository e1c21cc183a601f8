import { useFormat } from '../../i18n/format.ts';

interface Time {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly place: string | null;
}

/** "2 Nov 2026 · Gedung Sate, Bandung", by the clock of the event. */
export function useWhenAndWhere({ startsAt, endsAt, timeZone, place }: Time): string {
  const format = useFormat();
  return [format.days(startsAt, endsAt, timeZone), place].filter(Boolean).join(' · ');
}
