import { useEffect, useState } from 'react';
import { classNames } from './class-names.ts';

/** Below this a skeleton would only flicker. */
const patienceMs = 150;

/** True once something has been loading for a while. */
export function useIsSlow(): boolean {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return isSlow;
}

/** The place of what is still loading; its class gives the true shape. */
export function Skeleton({ className }: { className: string }) {
  const isSlow = useIsSlow();
  return <div aria-hidden className={classNames('rounded-md', isSlow && 'animate-pulse bg-sunken', className)} />;
}
