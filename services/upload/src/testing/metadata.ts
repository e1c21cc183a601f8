import sharp from 'sharp';
import { pngChunk } from './images.ts';

/** Texts by tag: ASCII, ended by a NUL. */
type Texts = Readonly<Record<number, string>>;

export interface ExifTexts {
  readonly image?: Texts;
  readonly photo?: Texts;
  readonly order?: 'II' | 'MM';
}

export const exifTag = {
  make: 0x010f,
  model: 0x0110,
  changed: 0x0132,
  original: 0x9003,
  digitized: 0x9004,
  offset: 0x9010,
  offsetOriginal: 0x9011,
  offsetDigitized: 0x9012,
} as const;

const entryBytes = 12;

/** Entries of a directory: tag, type, count and the bytes of the value. */
type Entry = readonly [tag: number, type: number, count: number, bytes: Buffer];

class TiffWriter {
  readonly isLittle: boolean;

  constructor(isLittle: boolean) {
    this.isLittle = isLittle;
  }

  short(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.isLittle) bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    return bytes;
  }

  long(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.isLittle) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  }

  text(tag: number, text: string): Entry {
    const bytes = Buffer.from(`${text}\0`, 'latin1');
    return [tag, 2, bytes.length, bytes];
  }

  number(tag: number, value: number): Entry {
    return [tag, 4, 1, this.long(value)];
  }

  /** A directory that stands at `at`, its values behind it; `next` is where the next one stands. */
  directory(at: number, entries: readonly Entry[], next = 0): Buffer {
    const sorted = [...entries].sort(([a], [b]) => a - b);
    const head: Buffer[] = [this.short(sorted.length)];
    const values: Buffer[] = [];
    let valueAt = at + 2 + sorted.length * entryBytes + 4;
    for (const [tag, type, count, bytes] of sorted) {
      const isInside = bytes.length <= 4;
      const place = isInside ? Buffer.concat([bytes, Buffer.alloc(4 - bytes.length)]) : this.long(valueAt);
      head.push(this.short(tag), this.short(type), this.long(count), place);
      if (isInside) continue;
      values.push(bytes);
      valueAt += bytes.length;
    }
    return Buffer.concat([...head, this.long(next), ...values]);
  }
}

const headerBytes = 8;
const photoPointer = 0x8769;

function writeDirectories(
  writer: TiffWriter,
  at: number,
  { image = {}, photo = {} }: ExifTexts,
  more: readonly Entry[] = [],
  next = 0,
) {
  const texts = (of: Texts) => Object.entries(of).map(([tag, text]) => writer.text(Number(tag), text));
  const first = (pointer: number) =>
    writer.directory(at, [...texts(image), ...more, writer.number(photoPointer, pointer)], next);
  const photoAt = at + first(0).length;
  return Buffer.concat([first(photoAt), writer.directory(photoAt, texts(photo))]);
}

/** An EXIF block (CIPA DC-008) with these texts and nothing else, without "Exif\0\0" before it. */
export function makeExif(texts: ExifTexts): Buffer {
  const { order = 'II' } = texts;
  const writer = new TiffWriter(order === 'II');
  const head = Buffer.concat([Buffer.from(order), writer.short(42), writer.long(headerBytes)]);
  return Buffer.concat([head, writeDirectories(writer, headerBytes, texts)]);
}

/** Marker segments, each with its bytes, right behind a JPEG's start. */
export function withSegments(jpeg: Buffer, ...segments: readonly (readonly [marker: number, bytes: Buffer])[]): Buffer {
  const written = segments.map(([marker, bytes]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(bytes.length + 2, 2);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...written, jpeg.subarray(2)]);
}

export const exifSegment = (block: Buffer) =>
  [0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block])] as const;

export const xmpSegment = (packet: string) => [0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`)] as const;

/** Records of IPTC IIM as Photoshop keeps them: number of the data set in record 2, and its text. */
export function iptcSegment(texts: Readonly<Record<number, string>>) {
  const records = Object.entries(texts).map(([number, text]) => {
    const head = Buffer.from([0x1c, 2, Number(number), 0, 0]);
    head.writeUInt16BE(text.length, 3);
    return Buffer.concat([head, Buffer.from(text, 'latin1')]);
  });
  const data = Buffer.concat(records);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const padding = Buffer.alloc(data.length % 2);
  const resource = Buffer.concat([Buffer.from('8BIM\x04\x04\0\0', 'latin1'), size, data, padding]);
  return [0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), resource])] as const;
}

/** An XMP packet with these properties, as `prefix:name`. */
export function makeXmp(properties: Readonly<Record<string, string>>): string {
  const attributes = Object.entries(properties).map(([name, value]) => `${name}="${value}"`);
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" ${attributes.join(' ')}/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** Chunks of a PNG right behind its header. */
export function withChunks(png: Buffer, ...chunks: readonly (readonly [type: string, bytes: Buffer])[]): Buffer {
  const headerEnd = 8 + 12 + 13;
  const written = chunks.map(([type, bytes]) => pngChunk(type, bytes));
  return Buffer.concat([png.subarray(0, headerEnd), ...written, png.subarray(headerEnd)]);
}

/** A grey TIFF of these pages, each with its size and texts; a `reduced` one says that it is a small copy. */
export function makeTiffPages(
  pages: readonly (ExifTexts & { width: number; height: number; isReduced?: boolean })[],
  order: 'II' | 'MM' = 'II',
): Buffer {
  const writer = new TiffWriter(order === 'II');
  const pixels = pages.map(({ width, height }) => Buffer.alloc(width * height, 0x80));
  const parts: Buffer[] = [Buffer.concat([Buffer.from(order), writer.short(42), Buffer.alloc(4)]), ...pixels];
  let at = headerBytes + pixels.reduce((sum, { length }) => sum + length, 0);
  let pixelsAt = headerBytes;
  parts[0] = Buffer.concat([Buffer.from(order), writer.short(42), writer.long(at)]);
  for (const [index, page] of pages.entries()) {
    const entries = [
      writer.number(254, page.isReduced === true ? 1 : 0),
      writer.number(256, page.width),
      writer.number(257, page.height),
      writer.number(258, 8),
      writer.number(259, 1),
      writer.number(262, 1),
      writer.number(273, pixelsAt),
      writer.number(277, 1),
      writer.number(278, page.height),
      writer.number(279, page.width * page.height),
    ];
    const isLast = index === pages.length - 1;
    const length = writeDirectories(writer, at, page, entries).length;
    parts.push(writeDirectories(writer, at, page, entries, isLast ? 0 : at + length));
    at += length;
    pixelsAt += page.width * page.height;
  }
  return Buffer.concat(parts);
}

/** A small JPEG without any metadata. */
export async function makePlainJpeg(): Promise<Buffer> {
  return sharp({ create: { width: 16, height: 16, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
}
