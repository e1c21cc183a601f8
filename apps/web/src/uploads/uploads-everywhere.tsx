import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react';
import { useAccount } from '../api/use-session.ts';
import { readUploadsMark, watchUploadsMark } from './mark.ts';

/** Goes on with uploads in whichever room their creator is. Nothing of it is loaded for anybody else. */
export function UploadsEverywhere() {
  const marked = useSyncExternalStore(watchUploadsMark, readUploadsMark);
  const account = useAccount();
  const isWanted = account !== undefined && marked === account.accountId;
  const Indicator = useIndicator(isWanted);
  return isWanted && Indicator !== undefined ? <Indicator /> : null;
}

/** Without a network it comes later; no page may fail for it, as `lazy` would have it. */
function useIndicator(isWanted: boolean): ComponentType | undefined {
  const [Indicator, setIndicator] = useState<ComponentType>();
  const isMissing = isWanted && Indicator === undefined;
  useEffect(() => {
    if (!isMissing) return;
    const load = () => {
      import('./upload-indicator.tsx').then(
        ({ UploadIndicator }) => setIndicator(() => UploadIndicator),
        () => {},
      );
    };
    load();
    addEventListener('online', load);
    return () => removeEventListener('online', load);
  }, [isMissing]);
  return Indicator;
}
