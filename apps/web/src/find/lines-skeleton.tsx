import { Skeleton } from '../ui/skeleton.tsx';

/** The place of a list of photos or orders, one a line. */
export function LinesSkeleton({ count = 4 }: { count?: number }) {
  return (
    <div aria-hidden className="divide-y divide-line">
      {Array.from({ length: count }, (_, at) => at).map((at) => (
        <div key={at} className="flex items-center gap-4 py-3">
          <Skeleton className="size-18 shrink-0" />
          <div className="flex-1 space-y-2">
            <Skeleton className="h-5 w-1/2" />
            <Skeleton className="h-4 w-1/3" />
          </div>
          <Skeleton className="h-5 w-20" />
        </div>
      ))}
    </div>
  );
}
