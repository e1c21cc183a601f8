import { writeFile } from 'node:fs/promises';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { hashSettings } from '@kilas/face-engine/packs/hash-settings.ts';
import { modelsOf, type PackManifest } from '@kilas/face-engine/packs/manifest.ts';
import { type PackCard, parseCard } from '@kilas/face-engine/packs/pack-card.ts';
import type { CohortTable } from './cohort-table.ts';
import type { CheckedLimit } from './limits.ts';
import type { CrowdFaces } from './measure-faces.ts';

interface Findings {
  readonly manifest: PackManifest;
  readonly crowd: CrowdFaces;
  /** By the folder's own cohort. */
  readonly table: CohortTable;
  readonly limits: readonly CheckedLimit[];
  readonly now: Date;
}

/** The card says of which files it is: with others it vouches for nothing. */
export function cardOf({ manifest, crowd, table, limits, now }: Findings): PackCard {
  const [{ distance, stated }] = table.cuts;
  const [everyone] = table.rows;
  return {
    packId: manifest.id,
    files: Object.fromEntries(modelsOf(manifest).map(({ file, sha256 }) => [file, sha256])),
    settingsSha256: hashSettings(manifest),
    measuredAt: now.toISOString(),
    people: crowd.people.length,
    portraits: crowd.portraits.length,
    groupFaces: crowd.groupFaces.length,
    strangerPairs: everyone?.pairs ?? 0,
    truePairs: table.counts.truePairs,
    cut: distance,
    stated,
    groups: table.rows.flatMap(({ name, pairs, rates: [atDefault] }) => {
      if (atDefault === undefined) return [];
      const { wrong, value: rate, low, high, bound } = atDefault;
      const interval = Number.isFinite(low) ? { interval: [low, high] as [number, number] } : {};
      return [{ name, pairs, wrong, rate, ...interval, ...(bound && { bound: bound.rate }) }];
    }),
    found: Object.fromEntries(
      Object.entries(table.found).map(([name, { value }]) => [name, Number.isFinite(value) ? value : null]),
    ),
    limits: [...limits],
  };
}

export async function writeCard(file: string, card: PackCard): Promise<void> {
  await writeFile(file, `${JSON.stringify(parseCard(card), null, 2)}\n`).catch((error: unknown) => {
    throw new UserError(`${file} cannot be written (${systemReason(error)}): --write-card takes a file.`);
  });
}
