import { ratingLevels } from '../levels.ts';

/** Which of my photos are shown; it stands in the address. */
export interface PhotoFilters {
  /** Those that I said I am not in. */
  readonly show?: 'rejected';
  readonly event?: string;
  readonly creator?: string;
  /** Days of this browser's clock, both included. */
  readonly from?: string;
  readonly to?: string;
  /** Leaves out looser matches. */
  readonly level?: number;
}

const idPattern = /^[0-9a-f-]{36}$/i;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** What an address says of filters; what it cannot mean is left out. */
export function readFilters(search: Record<string, unknown>): PhotoFilters {
  const matching = (value: unknown, pattern: RegExp) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined;
  const level = Number(search.level);
  return withoutGaps({
    show: search.show === 'rejected' ? ('rejected' as const) : undefined,
    event: matching(search.event, idPattern),
    creator: matching(search.creator, idPattern),
    from: matching(search.from, dayPattern),
    to: matching(search.to, dayPattern),
    level: ratingLevels.includes(level) ? level : undefined,
  });
}

/** The same for the API; a day begins and ends by the clock of this browser. */
export function queryOf({ event, creator, from, to, level }: PhotoFilters) {
  return withoutGaps({
    eventId: event,
    creatorId: creator,
    from: from && startOf(from, 0),
    to: to && startOf(to, 1),
    levelMin: level,
  });
}

export function hasFilters({ show: _, ...filters }: PhotoFilters): boolean {
  return Object.keys(filters).length > 0;
}

function startOf(day: string, daysLater: number): string | undefined {
  const start = new Date(`${day}T00:00`);
  start.setDate(start.getDate() + daysLater);
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString();
}

type Filled<Given> = { [Name in keyof Given]?: Exclude<Given[Name], undefined> };

function withoutGaps<Given extends object>(given: Given): Filled<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Filled<Given>;
}
