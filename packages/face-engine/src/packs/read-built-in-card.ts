import { readFile } from 'node:fs/promises';
import { type PackCard, parseCard } from './pack-card.ts';

/** What was measured of a pack that comes with Kilas. Throws for a pack that does not. */
export async function readBuiltInCard(packId: string): Promise<PackCard> {
  return parseCard(JSON.parse(await readFile(new URL(`./cards/${packId}.json`, import.meta.url), 'utf8')));
}
