import exifReader from 'exif-reader';
import type { PhotoHeader } from './read-header.ts';

const exifMaxBytes = 1024 * 1024;
const cameraLengthMax = 100;
/** Cameras whose clock was never set say 1970 or 1980; EXIF itself is of 1995. */
const firstYear = 1990;
const lastYear = 2100;

/** Reads time and camera from an EXIF block (CIPA DC-008) of any quality. */
export function readExif(block: Buffer): PhotoHeader {
  const tags = parse(block);
  const capturedLocal = localTime(block, tags?.Photo?.DateTimeOriginal);
  const capturedOffset = capturedLocal === undefined ? undefined : offset(tags?.Photo?.OffsetTimeOriginal);
  const camera = cameraName(tags?.Image?.Make, tags?.Image?.Model);
  return {
    ...(capturedLocal === undefined ? {} : { capturedLocal }),
    ...(capturedOffset === undefined ? {} : { capturedOffset }),
    ...(camera === undefined ? {} : { camera }),
  };
}

function parse(block: Buffer) {
  if (block.length > exifMaxBytes) return undefined;
  try {
    return exifReader(block);
  } catch {
    // The library throws whatever its reading past an end throws; the block is then as good as absent.
    return undefined;
  }
}

/** The library reads wall-clock times as if they were UTC, and a 13th month as the next January: then it is not in the block. */
function localTime(block: Buffer, value: unknown): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const year = value.getUTCFullYear();
  if (year < firstYear || year > lastYear) return undefined;
  const local = value.toISOString().slice(0, 19);
  const [date = '', time = ''] = local.split('T');
  return block.includes(`${date.replaceAll('-', ':')} ${time}`) ? local : undefined;
}

function offset(value: unknown): string | undefined {
  const match = typeof value === 'string' ? /^[+-](\d{2}):([0-5]\d)$/.exec(value.trim()) : null;
  return match !== null && Number(match[1]) <= 14 ? match[0] : undefined;
}

function cameraName(make: unknown, model: unknown): string | undefined {
  const [maker, name] = [text(make), text(model)];
  const [brand = ''] = maker.split(' ');
  const full = name.toLowerCase().startsWith(brand.toLowerCase()) ? name : `${maker} ${name}`;
  return full.trim().slice(0, cameraLengthMax).trim() || undefined;
}

function text(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
