import { openDatabase } from '@kilas/platform/db/database.ts';
import { startSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, expect, test } from 'vitest';
import type { AiSchema } from '../db/schema.ts';
import { listDefaultCuts } from './default-cut-store.ts';

const env = { DEFAULT_LEVEL_MIN: '2', STRANGERS_PER_EVENT_MAX: '1.5' };
const system = await startSystem({ services: ['user', 'photo', 'ai'], env });
afterAll(() => system.close());

test('ai notes the cut by which photo shows, and remembers those before it', async () => {
  const db = openDatabase<AiSchema>({ url: system.databaseUrls.ai, poolSizeMax: 1, onTrouble: () => {} });
  try {
    expect(await listDefaultCuts(db)).toEqual([
      { levelMin: 2, strangersMax: 1.5 },
      { levelMin: 3, strangersMax: 0.5 },
    ]);
  } finally {
    await db.destroy();
  }
});
