import type { GridModel, Row } from './grid-model.ts';

/** Where a key leads from a photo; undefined for keys that lead nowhere. Rows that are not laid out are guessed. */
export function indexAfter(key: string, index: number, model: GridModel, screen: number): number | undefined {
  const steps: Record<string, () => number> = {
    ArrowLeft: () => index - 1,
    ArrowRight: () => index + 1,
    ArrowUp: () => beside(index, -1, model),
    ArrowDown: () => beside(index, 1, model),
    PageUp: () => away(index, -screen, model),
    PageDown: () => away(index, screen, model),
    Home: () => 0,
    End: () => model.count - 1,
  };
  const step = steps[key];
  return step && Math.max(0, Math.min(model.count - 1, step()));
}

function beside(index: number, step: number, model: GridModel): number {
  const row = model.rowOf(index);
  if (row === undefined) return index + step;
  return step > 0 ? under(index, row, row.index + row.photos.length, model) : under(index, row, row.index - 1, model);
}

function away(index: number, pixels: number, model: GridModel): number {
  const row = model.rowOf(index);
  if (row === undefined) return index;
  const { block, photo } = model.anchorAt(Math.max(0, Math.min(model.height - 1, row.top + pixels)));
  return under(index, row, (model.blocks[block]?.start ?? 0) + Math.floor(photo), model);
}

/** The photo of the row of `other` that stands nearest to the middle of the photo of `index`. */
function under(index: number, row: Row, other: number, model: GridModel): number {
  if (other < 0 || other >= model.count) return index;
  const target = model.rowOf(other);
  if (target === undefined) return other;
  const middle = middlesOf(row)[index - row.index] ?? 0;
  const middles = middlesOf(target);
  let nearest = 0;
  for (const [at, each] of middles.entries()) {
    if (Math.abs(each - middle) < Math.abs((middles[nearest] ?? 0) - middle)) nearest = at;
  }
  return target.index + nearest;
}

function middlesOf(row: Row): number[] {
  return row.photos.map(({ left, width }) => left + width / 2);
}
