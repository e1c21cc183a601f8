import { type ExifTags, readExifTags } from './exif-tags.ts';
import type { PhotoHeader } from './read-header.ts';

const exifMaxBytes = 1024 * 1024;
const cameraLengthMax = 100;
/** Cameras whose clock was never set say 1970 or 1980; EXIF itself is of 1995. */
const firstYear = 1990;
const lastYear = 2100;

/** Reads time and camera from an EXIF block (CIPA DC-008) of any quality. */
export function readExif(block: Buffer): PhotoHeader {
  const { make, model, takenAt, takenOffset } = parse(block);
  const capturedLocal = localTime(takenAt);
  const capturedOffset = capturedLocal === undefined ? undefined : offset(takenOffset);
  const camera = cameraName(make, model);
  return {
    ...(capturedLocal === undefined ? {} : { capturedLocal }),
    ...(capturedOffset === undefined ? {} : { capturedOffset }),
    ...(camera === undefined ? {} : { camera }),
  };
}

function parse(block: Buffer): ExifTags {
  if (block.length > exifMaxBytes) return {};
  try {
    return readExifTags(block);
  } catch {
    // A block that is no EXIF, or ends too soon, is as good as absent.
    return {};
  }
}

/** "2026:05:01 07:30:00", if there is such a time. */
function localTime(text = ''): string | undefined {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, time] = match;
  if (Number(year) < firstYear || Number(year) > lastYear) return undefined;
  const local = `${year}-${month}-${day}T${time}`;
  const instant = new Date(`${local}Z`);
  // A 31st of February is read as a day in March.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(local) ? local : undefined;
}

function offset(text = ''): string | undefined {
  const match = /^[+-](\d{2}):([0-5]\d)$/.exec(text.trim());
  return match !== null && Number(match[1]) <= 14 ? match[0] : undefined;
}

function cameraName(make = '', model = ''): string | undefined {
  const [maker, name] = [printable(make), printable(model)];
  const [brand = ''] = maker.split(' ');
  const full = name.toLowerCase().startsWith(brand.toLowerCase()) ? name : `${maker} ${name}`;
  return full.trim().slice(0, cameraLengthMax).trim() || undefined;
}

function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
