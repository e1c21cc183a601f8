import { Skeleton } from '../ui/skeleton.tsx';

const rows = [
  [3, 2, 3, 2, 3],
  [2, 3, 2, 3, 3],
  [3, 3, 2, 2, 3],
];

/** The place of photos in justified rows. */
export function GridSkeleton() {
  return (
    <div aria-hidden className="space-y-1">
      {rows.map((widths) => (
        <div key={widths.join()} className="flex h-28 gap-1 md:h-56">
          {widths.map((width, at) => (
            <div key={at} style={{ flexGrow: width }} className={at > 2 ? 'hidden md:block' : ''}>
              <Skeleton className="h-full rounded-none" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
