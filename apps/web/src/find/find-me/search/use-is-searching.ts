import { useEffect, useState } from 'react';
import { isPending, useFacecams } from '../../facecams/use-facecams.ts';

/** After a selfie was read the matches of the past are told within seconds. */
const afterwardsMs = 8_000;

/** True while a selfie is being read and its matches are on their way. */
export function useIsSearching(): boolean {
  const { data = [] } = useFacecams();
  const isReading = data.some(isPending);
  const newest = data[0]?.createdAt;
  const [endedFor, setEndedFor] = useState<string>();
  useEffect(() => {
    if (isReading || newest === undefined) return;
    const isLong = Date.now() - Date.parse(newest) > 60_000;
    const timer = setTimeout(() => setEndedFor(newest), isLong ? 0 : afterwardsMs);
    return () => clearTimeout(timer);
  }, [isReading, newest]);
  return isReading || (newest !== undefined && endedFor !== newest);
}
