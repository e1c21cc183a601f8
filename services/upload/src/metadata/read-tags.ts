import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import ExifReader from 'exifreader';
import type { BytesView } from './file-view.ts';

/** Where in a file a text stood. */
export type TagSource = 'exif' | 'xmp' | 'iptc' | 'png';

/** The wanted texts of a file, as they stand there, by "source:name"; names as those that define them write them, without blanks. */
export type Tags = Readonly<Record<string, string>>;

const exifTags = [
  'Make',
  'Model',
  'DateTime',
  'DateTimeOriginal',
  'DateTimeDigitized',
  'OffsetTime',
  'OffsetTimeOriginal',
  'OffsetTimeDigitized',
  'GPSDateStamp',
  'GPSTimeStamp',
] as const;
const xmpTags = [
  'Make',
  'Model',
  'DateTimeOriginal',
  'OffsetTimeOriginal',
  'DateCreated',
  'DateTimeDigitized',
  'OffsetTimeDigitized',
  'CreateDate',
  'datetime',
  'date',
  'DateTime',
  'ModifyDate',
] as const;
const iptcTags = ['Date Created', 'Time Created', 'Digital Creation Date', 'Digital Creation Time'] as const;
/** What PNG defines, and as what ImageMagick copies EXIF. */
const pngTags = [
  'Creation Time',
  'CreationTime',
  'Modify Date',
  'exif:DateTimeOriginal',
  'exif:OffsetTimeOriginal',
  'exif:DateTimeDigitized',
  'exif:DateTime',
  'exif:Make',
  'exif:Model',
] as const;

const wanted: Readonly<Record<TagSource, readonly string[]>> = {
  exif: exifTags,
  xmp: xmpTags,
  iptc: iptcTags,
  png: pngTags,
};

const textMaxLength = 200;
const decompressedMaxBytes = 1024 * 1024;

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** Reads the wanted tags of those sources; throws for bytes of which nothing can be read. */
export async function readTags(view: BytesView, sources: readonly TagSource[]): Promise<Tags> {
  // The library takes whatever reads like a DataView, and any parser of XML, which its types cannot say.
  const load = ExifReader.loadView as unknown as (view: BytesView, options: object) => Promise<Groups>;
  const groups = await load(view, {
    expanded: true,
    async: true,
    includeTags: includeOf(sources),
    decompress: { maxDecompressedSize: decompressedMaxBytes },
    domParser: new DOMParser({ onError: onErrorStopParsing }),
  });
  const found: Record<string, string> = {};
  for (const source of sources) {
    // What PNG's text chunks say comes in a group of its own as well.
    const group = { ...groups[source], ...(source === 'png' ? groups.pngText : {}) };
    for (const name of wanted[source]) {
      const text = textOf(group[name]);
      if (text !== undefined) found[`${source}:${name.replaceAll(' ', '')}`] = text;
    }
  }
  return found;
}

function includeOf(sources: readonly TagSource[]) {
  const groups = sources.map((source) => [source, source === 'png' ? true : [...wanted[source]]] as const);
  return Object.fromEntries(groups);
}

/** A text from what the library makes of a tag: texts in a list, bytes, numbers and fractions as dates are made of. */
function textOf(tag: unknown): string | undefined {
  const value = valueIn(Array.isArray(tag) ? tag[0] : tag);
  const text = typeof value === 'string' ? value : Array.isArray(value) ? textOfList(value) : undefined;
  // Up to its first NUL, as it is defined; blanks around it mean nothing.
  return text?.split('\0')[0]?.slice(0, textMaxLength).trim() || undefined;
}

function valueIn(tag: unknown): unknown {
  return typeof tag === 'object' && tag !== null && 'value' in tag ? tag.value : undefined;
}

function textOfList(list: readonly unknown[]): string | undefined {
  const values = list.map((entry) => (typeof entry === 'object' ? (valueIn(entry) ?? entry) : entry));
  const text = values.find((entry) => typeof entry === 'string' && entry.trim() !== '');
  if (typeof text === 'string') return text;
  const numbers = values.map((entry) => (Array.isArray(entry) ? Number(entry[0]) / Number(entry[1]) : Number(entry)));
  if (numbers.some((number) => !Number.isFinite(number))) return undefined;
  // Bytes of a text that was written under another type, or else a time as a list of its parts.
  const isText = numbers.length > 6 && numbers.every((number) => Number.isInteger(number) && number < 256);
  return isText
    ? Buffer.from(numbers).toString('latin1')
    : numbers.map((number) => String(Math.floor(number))).join(' ');
}
