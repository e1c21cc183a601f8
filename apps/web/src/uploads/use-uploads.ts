import { useEffect, useState, useSyncExternalStore } from 'react';
import { useAccount } from '../api/use-session.ts';
import { openUploads, type Uploads } from './uploads.ts';

/** The uploads of who is signed in, drawn again when they change; undefined until they are there. */
export function useUploads(): Uploads | undefined {
  const accountId = useAccount()?.accountId;
  const [uploads, setUploads] = useState<Uploads>();
  useEffect(() => {
    let isWanted = true;
    if (accountId !== undefined) void openUploads(accountId).then((opened) => isWanted && setUploads(opened));
    return () => {
      isWanted = false;
    };
  }, [accountId]);
  useSyncExternalStore(
    (listener) => uploads?.uploader.queue.watch(listener) ?? (() => {}),
    () => uploads?.uploader.queue.version ?? 0,
  );
  return uploads;
}
