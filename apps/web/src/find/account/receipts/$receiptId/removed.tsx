import { useFormat } from '../../../../i18n/format.ts';
import { useTexts } from '../../../../i18n/messages.ts';
import { receiptTexts } from './texts.ts';
import type { Receipt } from './use-receipt.ts';

/** What was removed from where. */
export function Removed({ receipt }: { receipt: Receipt }) {
  const texts = useTexts(receiptTexts);
  const format = useFormat();
  const places: Readonly<Record<string, string>> = texts.places;
  const kinds: Readonly<Record<string, (count: number) => string>> = texts.kinds;
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">{texts.removed}</h2>
      <ul className="divide-y divide-line border-y border-line">
        {Object.entries(receipt.removedAt).map(([place, removedAt]) => {
          const items = receipt.items.filter((item) => item.place === place && item.count > 0);
          return (
            <li key={place} className="py-3">
              <p className="flex flex-wrap justify-between gap-x-4">
                <span className="font-medium">{places[place] ?? place}</span>
                <span className="text-sm text-muted">
                  {removedAt === null ? texts.pending : texts.removedAt(format.moment(removedAt))}
                </span>
              </p>
              <p className="text-muted">
                {items
                  .map(({ kind, count }) => kinds[kind]?.(count) ?? texts.other(kind, format.number(count)))
                  .join(', ') ||
                  (removedAt !== null && texts.nothing)}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
