import type { Held } from '@kilas/platform/service/holdings.ts';

/** Something that does not fit together. */
export interface Dangling {
  /** What it is called in the report; ids alone. */
  readonly id: string;
  /** Why a person has to see to it; absent for what can be mended. */
  readonly person?: string;
}

export interface Tally {
  checked: number;
}

/** One relation between two stores, or within one, that must hold. */
export interface Check<Item extends Dangling> {
  /** "uploads → photos": each of the first has its counterpart in the second. */
  readonly name: string;
  /** Tells what dangles, and counts what it looks at. */
  find(tally: Tally): AsyncIterable<Item>;
  /** Puts right what `find` told without a `person`, safely done twice; absent where only people can. */
  readonly mend?: (items: readonly Item[]) => Promise<void>;
  /** What to do about what remains. */
  readonly advice: string;
  /** Mending takes something away that people sell and buy. */
  readonly isGrave?: boolean;
  /** Mending only adds what the other side holds, and nothing is lost by it: however much of it there is, as after an update that keeps more. */
  readonly isAdditive?: boolean;
  /** Mending deletes what may be the only copy: it has to be asked for by name. */
  readonly deletesOriginals?: boolean;
}

/** A check whose items only it knows. */
export interface AnyCheck {
  readonly name: string;
  readonly advice: string;
  run(options: RunOptions): Promise<Result>;
}

export interface RunOptions {
  readonly isMending: boolean;
  /** Mends also where so much dangles that the two sides are probably not of one installation. */
  readonly isForced: boolean;
  /** Also deletes originals that nobody names. */
  readonly isDeletingOriginals: boolean;
  /** Looks twice, so that what was in motion the first time is not told. */
  readonly isServing: boolean;
}

export interface Result {
  readonly name: string;
  readonly checked: number;
  readonly dangling: number;
  readonly mended: number;
  /** What still dangles, some of it by name. */
  readonly remaining: number;
  readonly examples: readonly string[];
  /** Too much of it to be true: nothing was mended. */
  readonly isHeldBack: boolean;
  readonly advice: string;
}

const examplesMax = 10;
const itemsMax = 100_000;
/** More than so many, and than this share of all: rather a wrong pairing of databases and objects than an accident. */
const plausibleMax = 20;
const plausibleGraveMax = 2;
const plausibleShare = 0.2;

export function toAny<Item extends Dangling>(check: Check<Item>): AnyCheck {
  return { name: check.name, advice: check.advice, run: (options) => run(check, options) };
}

async function run<Item extends Dangling>(check: Check<Item>, options: RunOptions): Promise<Result> {
  const { checked, items } = await findSettled(check, options.isServing);
  const report = (rest: { mended: number; remaining: readonly Item[]; isHeldBack: boolean }): Result => ({
    name: check.name,
    checked,
    dangling: items.length,
    mended: rest.mended,
    remaining: rest.remaining.length,
    examples: rest.remaining.slice(0, examplesMax).map(({ id, person }) => (person ? `${id}: ${person}` : id)),
    isHeldBack: rest.isHeldBack,
    advice: check.advice,
  });
  const mendable = items.filter(({ person }) => person === undefined);
  const isAllowed = options.isMending && (check.deletesOriginals !== true || options.isDeletingOriginals);
  if (!isAllowed || check.mend === undefined || mendable.length === 0) {
    return report({ mended: 0, remaining: items, isHeldBack: false });
  }
  const isPlausible =
    check.isAdditive === true ||
    mendable.length <= (check.isGrave ? plausibleGraveMax : plausibleMax) ||
    mendable.length <= checked * plausibleShare;
  if (!isPlausible && !options.isForced) return report({ mended: 0, remaining: items, isHeldBack: true });
  await check.mend(mendable);
  const after = await findSettled(check, options.isServing);
  return report({ mended: Math.max(0, items.length - after.items.length), remaining: after.items, isHeldBack: false });
}

async function findSettled<Item extends Dangling>(check: Check<Item>, isServing: boolean) {
  const first = await findAll(check);
  if (!isServing || first.items.length === 0) return first;
  const again = await findAll(check);
  const before = new Set(first.items.map(({ id }) => id));
  return { checked: again.checked, items: again.items.filter(({ id }) => before.has(id)) };
}

async function findAll<Item extends Dangling>(check: Check<Item>): Promise<{ checked: number; items: Item[] }> {
  const tally: Tally = { checked: 0 };
  const items: Item[] = [];
  for await (const item of check.find(tally)) {
    items.push(item);
    if (items.length === itemsMax) break;
  }
  return { checked: tally.checked, items };
}

/** Those that are held here and, by their key, not there. */
export async function* missingIn<Row>(
  there: Held<object>,
  here: Held<Row>,
  tally: Tally,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row> {
  for await (const page of here.pages()) {
    tally.checked += page.length;
    const known = await there.find([...new Set(page.map(keyOf))]);
    yield* page.filter((row) => !known.has(keyOf(row)));
  }
}

export const idOf = ({ id }: { readonly id: string }): string => id;
