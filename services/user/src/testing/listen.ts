import { waitFor } from '@kilas/testkit/wait-for.ts';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export interface StreamEvent {
  readonly id: string;
  readonly data: {
    readonly kind: string;
    readonly data: { readonly orderId?: string | undefined; readonly photoCount: number };
  };
}

/** What a client hears. */
export interface Heard {
  readonly status: number;
  readonly events: readonly StreamEvent[];
  /** Comments, of which heartbeats consist. */
  readonly beats: () => number;
  /** Undefined while it goes on. */
  readonly ending: () => 'ended' | 'broken' | undefined;
  /** Waits for so many events. */
  hear(count: number): Promise<readonly StreamEvent[]>;
  leave(): void;
}

const data = z.object({
  kind: z.string(),
  data: z.object({ orderId: z.string().optional(), photoCount: z.number() }),
});

/** Reads a stream until it ends, or the test does. */
export async function listen(url: string, headers: Readonly<Record<string, string>>): Promise<Heard> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: StreamEvent[] = [];
  let beats = 0;
  let ending: ReturnType<Heard['ending']>;
  const read = async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      const blocks = (text + Buffer.from(chunk).toString()).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block === ':') beats += 1;
        if (block.startsWith('id: ')) events.push(readEvent(block));
      }
    }
  };
  void read().then(
    () => {
      ending = 'ended';
    },
    () => {
      ending = 'broken';
    },
  );
  return {
    status: response.status,
    events,
    beats: () => beats,
    ending: () => ending,
    hear: (count) => waitFor(() => (events.length >= count ? events : undefined), { what: `${count} events` }),
    leave: () => controller.abort(),
  };
}

function readEvent(block: string): StreamEvent {
  const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  if (fields.get('event') !== 'notification') throw new Error(`an event of another kind: ${block}`);
  return { id: fields.get('id') ?? '', data: data.parse(JSON.parse(fields.get('data') ?? '')) };
}
