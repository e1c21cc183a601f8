import { openDatabase } from '@kilas/platform/db/database.ts';
import type { TestSystem } from '@kilas/testkit/start-system.ts';

/** Whether each template of a facecam is known to be of a person before the camera. */
export async function provenInAi(system: TestSystem, facecamId: string): Promise<boolean[]> {
  const url = system.environmentOf('ai').DATABASE_URL ?? '';
  const ai = openDatabase<{ templates: { proven_live: boolean; facecam_id: string } }>({
    url,
    poolSizeMax: 1,
    onTrouble: () => {},
  });
  const rows = await ai.selectFrom('templates').select('proven_live').where('facecam_id', '=', facecamId).execute();
  await ai.destroy();
  return rows.map((row) => row.proven_live);
}
