import { builtInPacks, DEFAULT_PACK_ID, DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { builtInPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { readBuiltInCard } from '@kilas/face-engine/packs/read-built-in-card.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { expect, test, vi } from 'vitest';
import { PacksInForce } from './packs-in-force.ts';
import { tellPacks } from './tell-packs.ts';

/** What an operator reads when a service starts with the pack. */
async function toldOf(packId: string, forcedDespite: readonly string[] = []) {
  const log = openLog('ai', 'silent');
  const warned = vi.spyOn(log, 'warn');
  const pack = builtInPacks.find(({ manifest }) => manifest.id === packId);
  if (pack === undefined) throw new Error(`${packId} is not built in`);
  const current = { place: builtInPlace('graphs', packId), manifest: pack.manifest };
  const none = { oldPack: undefined, old: undefined };
  await tellPacks({ log, packs: new PacksInForce({ current, ...none, forcedDespite, clock: systemClock }) });
  const [trainedOn = '', ...warn] = warned.mock.calls.map((call) => JSON.stringify(call));
  return { trainedOn, warn };
}

test('each start says in one line what is not known of the pictures behind the nets in force', async () => {
  for (const packId of [DEFAULT_PACK_ID, DLIB_PACK_ID]) {
    const { trainedOn } = await toldOf(packId);
    expect(trainedOn).toContain(packId);
    expect(trainedOn).toContain('is not stated');
  }
  expect((await toldOf(DEFAULT_PACK_ID)).trainedOn).toContain('MS-Celeb-1M');
});

test('an installation that runs on dlib’s net is told that it lets strangers through, and how to change', async () => {
  const { warn } = await toldOf(DLIB_PACK_ID);
  const { stated, groups } = await readBuiltInCard(DLIB_PACK_ID);
  const rates = groups.flatMap(({ name, rate }) => (['everyone', 'within one photo'].includes(name) ? [rate] : []));
  expect(rates).toHaveLength(2);
  expect(warn).toHaveLength(1);
  for (const part of [
    'far more strangers than was stated',
    ...[stated, ...rates].map((rate) => rate.toExponential(1)),
    `FACE_PACK=${DEFAULT_PACK_ID}`,
    `FACE_PACK_OLD=${DLIB_PACK_ID}`,
    'FACE_PACK_OLD_UNTIL=',
    'docs/packs.md',
  ])
    expect(warn[0]).toContain(part);
  expect((await toldOf(DEFAULT_PACK_ID)).warn).toEqual([]);
});

test('a pack that was forced is told of at each start, in one line, with all that is lost', async () => {
  const { warn } = await toldOf(DEFAULT_PACK_ID, ['t4Min is 0.945, measured 0.5', 'foundOneMin was not looked at']);
  expect(warn).toHaveLength(1);
  for (const part of ['FACE_PACK_FORCE', 'strangers', 't4Min is 0.945, measured 0.5; foundOneMin was not looked at'])
    expect(warn[0]).toContain(part);
});
