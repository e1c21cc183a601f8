import { Skeleton } from '../ui/skeleton.tsx';

const rows = [
  [1.5, 0.67, 1.5, 1.33],
  [1.33, 1.5, 1.78],
  [0.75, 1.5, 1.33, 0.67],
];

/** The place of a grid whose photos are not known yet. */
export function GridSkeleton() {
  return (
    <div aria-hidden className="space-y-1">
      {rows.map((ratios, row) => (
        <div key={String(row)} className="flex h-[33vw] gap-1 sm:h-56">
          {ratios.map((ratio, at) => (
            <div key={String(at)} style={{ flexGrow: ratio }}>
              <Skeleton className="h-full rounded-none" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
