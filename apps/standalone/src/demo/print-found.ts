import path from 'node:path';
import type { Selfie } from '@kilas/client/journey/find-photos.ts';

/** A table of photos by selfies: the distance where the member was found, "·" where not. */
export function printFound(
  found: Readonly<Record<string, readonly string[]>>,
  distances: Readonly<Record<string, Readonly<Record<string, number>>>>,
  selfies: readonly Selfie[],
): void {
  const names = selfies.map(({ name }) => shortName(name));
  const width = Math.max(6, ...Object.keys(found).map((photo) => photo.length));
  console.log(`\n${'photo'.padEnd(width)}  ${names.map((name) => name.padStart(Math.max(6, name.length))).join('  ')}`);
  for (const [photo, members] of Object.entries(found).sort(([a], [b]) => a.localeCompare(b))) {
    const cells = selfies.map(({ name }, index) => {
      const cell = members.includes(name) ? (distances[photo]?.[name] ?? 0).toFixed(3) : '·';
      return cell.padStart(Math.max(6, names[index]?.length ?? 0));
    });
    console.log(`${photo.padEnd(width)}  ${cells.join('  ')}`);
  }
  console.log('');
}

/** A selfie's folder often is the person: "enrol/obama/obama.jpg" shows as "obama/obama.jpg". */
function shortName(file: string): string {
  return file.split(path.sep).slice(-2).join('/');
}
