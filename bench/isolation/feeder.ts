// A photographer's program that uploads without a pause, as a process of its own. It reads from the environment where and as whom, and ends when it
// is told to. It stands for machines elsewhere, so the measured processes go before it.

import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient, asForm } from '@kilas/client/api-client.ts';
import { lowerPriority } from '@kilas/platform/process/lower-priority.ts';
import { Pictures } from './pictures.ts';

const { FEED_URL = '', FEED_TOKEN = '', FEED_EVENT = '', FEED_AT_ONCE = '' } = process.env;
await lowerPriority();
const api = new ApiClient(FEED_URL, { token: FEED_TOKEN });
const pictures = await Pictures.make();

await Promise.all(Array.from({ length: Number(FEED_AT_ONCE) }, upload));

async function upload(): Promise<never> {
  for (;;) {
    const body = { priceIdr: '10000', eventId: FEED_EVENT, photo: pictures.next() };
    await api.rest.POST('/v1/uploads/photo', { body, bodySerializer: asForm }).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : 'upload failed'}\n`);
      return delay(500);
    });
  }
}
