import { expect, test } from 'vitest';
import { packEnv } from './pack-env.ts';

test('ai gets what chooses its model packs, their former names too, and nothing else of the environment', () => {
  const packs = {
    ...{ FACE_PACK: 'new', FACE_PACK_FORCE: 'new', FACE_PACK_OLD: 'old', FACE_PACK_OLD_UNTIL: '2030-01-01T00:00:00Z' },
    ...{ PACKS_FOLDER: '/kilas/packs', AI_PACK: 'old', AI_PACK_OLD: 'older', AI_PACK_OLD_UNTIL: 'never' },
  };
  expect(packEnv({ ...packs, HOME: '/root', AI_PACK_FORCE: 'never known', FACE_PACKS: 'none' })).toEqual(packs);
});
