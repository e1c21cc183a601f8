import { cleanLine, isBlank } from '@kilas/platform/values/text.ts';

/** Of a name in UTF-8, with room for a number: file systems take 255. */
const nameBytesMax = 200;
/** Names that Windows keeps for devices, whatever follows the first dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Names of files as every system takes them, whatever the names that come: no folder, no character with a meaning, no device, no two that a
 * system takes for one. A name that is taken gets a number.
 */
export function nameEntries(names: readonly string[]): string[] {
  const taken = new Set<string>();
  /** The last number that a name got: thousands may have one title. */
  const numbers = new Map<string, number>();
  return names.map((name) => {
    const [stem, extension] = splitName(name);
    const plain = keyOf(`${stem}${extension}`);
    for (let number = (numbers.get(plain) ?? 0) + 1; ; number++) {
      const candidate = `${stem}${number === 1 ? '' : ` (${number})`}${extension}`;
      const key = keyOf(candidate);
      if (taken.has(key)) continue;
      taken.add(key);
      numbers.set(plain, number);
      return candidate;
    }
  });
}

/** As systems compare names that do not tell capitals apart, or letters that are written in two ways. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** The name without its extension, of which every system takes each character and the length; and the extension. */
function splitName(name: string): [stem: string, extension: string] {
  const clean = cleanLine(name.replace(/[<>:"/\\|?*]/g, ' '));
  const extension = /\.[a-z0-9]{1,5}$/i.exec(clean)?.[0] ?? '';
  let stem = clean.slice(0, clean.length - extension.length);
  while (Buffer.byteLength(stem) > nameBytesMax) stem = [...stem].slice(0, -1).join('');
  stem = stem.replace(/^[. ]+|[. ]+$/g, '');
  if (isBlank(stem)) return ['photo', extension];
  return [reserved.test(stem) ? `photo ${stem}` : stem, extension];
}
