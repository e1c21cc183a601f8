import { fetchAsMe } from './api.ts';
import { isRefusal } from './problem.ts';

export interface StreamEvent {
  readonly id: string | undefined;
  readonly data: string;
}

const firstPauseMs = 1_000;
const pauseMaxMs = 30_000;

/**
 * Follows a stream of server-sent events as the person who is signed in, until `signal` is aborted or the session has ended. A stream that
 * breaks is opened again behind the last event that came. `EventSource` cannot send the token.
 */
export async function followStream(
  path: string,
  onEvent: (event: StreamEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastId: string | undefined;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      const headers = new Headers({ accept: 'text/event-stream' });
      if (lastId !== undefined) headers.set('last-event-id', lastId);
      const response = await fetchAsMe(new Request(new URL(path, globalThis.location.origin), { headers, signal }));
      for await (const event of readEvents(response)) {
        lastId = event.id ?? lastId;
        pauseMs = firstPauseMs;
        onEvent(event);
      }
    } catch (error) {
      if (signal.aborted || isRefusal(error)) return;
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMaxMs, pauseMs * 2);
  }
}

async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  if (response.body === null) return;
  let rest = '';
  for await (const text of chunksOf(response.body.pipeThrough(new TextDecoderStream()))) {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = readEvent(block);
      if (event.data !== '') yield event;
    }
  }
}

function readEvent(block: string): StreamEvent {
  const valuesOf = (field: string) =>
    block
      .split(/\r?\n/)
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  return { id: valuesOf('id').at(-1), data: valuesOf('data').join('\n') };
}

/** Safari cannot iterate a stream. */
async function* chunksOf(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
