import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useAccount } from '../api/use-session.ts';
import { readUploadsMark, watchUploadsMark } from './mark.ts';

const UploadIndicator = lazy(async () => ({ default: (await import('./upload-indicator.tsx')).UploadIndicator }));

/** Goes on with uploads in whichever room their creator is. Nothing of it is loaded for anybody else. */
export function UploadsEverywhere() {
  const marked = useSyncExternalStore(watchUploadsMark, readUploadsMark);
  const account = useAccount();
  if (account === undefined || marked !== account.accountId) return null;
  return (
    <Suspense fallback={null}>
      <UploadIndicator />
    </Suspense>
  );
}
