import { followStream } from '../api/event-stream.ts';
import { queryClient } from '../api/query-client.ts';

type Listener = () => void;

const listeners = new Set<Listener>();
let stream: AbortController | undefined;

/** Tells whenever a notice came, while somebody listens. All listeners of a page share one stream. */
export function watchNotices(listener: Listener): () => void {
  listeners.add(listener);
  if (stream === undefined) {
    stream = new AbortController();
    void followStream('/v1/me/notifications/stream', tell, stream.signal);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stream?.abort();
    stream = undefined;
  };
}

function tell(): void {
  void queryClient.invalidateQueries({ queryKey: ['notices'] });
  for (const listener of listeners) listener();
}
