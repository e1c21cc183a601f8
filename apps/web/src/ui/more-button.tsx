import { Button } from './button.tsx';

interface Props {
  /** A list that is read page after page. */
  list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  label: string;
  className?: string;
}

/** Reads the next page of a list; nothing where there is none. */
export function MoreButton({ list, label, className }: Props) {
  if (!list.hasNextPage) return null;
  return (
    <Button
      kind="secondary"
      className={className}
      isBusy={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {label}
    </Button>
  );
}
