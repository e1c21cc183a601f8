/** A file of a ZIP: stored as it is, with all that its headers say known beforehand. */
export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly crc32: number;
  readonly modifiedAt: Date;
}

/** A part of a ZIP: bytes that are known, or the whole content of an entry. */
export type ZipPiece<Entry extends ZipEntry> = { readonly start: number; readonly sizeBytes: number } & (
  | { readonly bytes: Buffer }
  | { readonly entry: Entry }
);

/** What stands in a field of 16 or 32 bits where the number is too large, and says that a ZIP64 field has it. */
const full16 = 0xffff;
const full32 = 0xffffffff;

/** Bit 11: names are UTF-8. */
const utf8Flag = 0x0800;
const versionPlain = 20;
const versionZip64 = 45;
/** Made on Unix, so that the mode below counts: a plain file, -rw-r--r--. */
const madeOnUnix = 3 << 8;
const fileMode = 0o100644 * 0x10000;

/**
 * A ZIP of stored files (PKWARE APPNOTE 6.3.9), with ZIP64 fields where a number needs them. Lengths and checksums are known, so that every
 * byte has its place before the first one is sent: that gives the length, and lets a reader begin anywhere. The same entries give the same bytes.
 */
export function layOutZip<Entry extends ZipEntry>(
  entries: readonly Entry[],
): { pieces: ZipPiece<Entry>[]; sizeBytes: number } {
  const pieces: ZipPiece<Entry>[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    directory.push(centralHeader(entry, at));
    const bytes = localHeader(entry);
    pieces.push({ start: at, sizeBytes: bytes.length, bytes });
    at += bytes.length;
    pieces.push({ start: at, sizeBytes: entry.sizeBytes, entry });
    at += entry.sizeBytes;
  }
  const headers = Buffer.concat(directory);
  const end = endOf({ entryCount: entries.length, directorySize: headers.length, directoryStart: at });
  const bytes = Buffer.concat([headers, end]);
  pieces.push({ start: at, sizeBytes: bytes.length, bytes });
  return { pieces, sizeBytes: at + bytes.length };
}

function localHeader(entry: ZipEntry): Buffer {
  const isLarge = entry.sizeBytes >= full32;
  const extra = Buffer.concat([isLarge ? zip64Field([entry.sizeBytes, entry.sizeBytes]) : none, timeField(entry)]);
  const name = Buffer.from(entry.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, { entry, isLarge, name, extra });
  return Buffer.concat([header, name, extra]);
}

function centralHeader(entry: ZipEntry, start: number): Buffer {
  const isLarge = entry.sizeBytes >= full32;
  const isFar = start >= full32;
  const large = [...(isLarge ? [entry.sizeBytes, entry.sizeBytes] : []), ...(isFar ? [start] : [])];
  const extra = Buffer.concat([large.length > 0 ? zip64Field(large) : none, timeField(entry)]);
  const name = Buffer.from(entry.name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(madeOnUnix | versionZip64, 4);
  writeCommon(header, 6, { entry, isLarge: large.length > 0, name, extra });
  // No comment, first disk, no internal attributes.
  header.writeUInt32LE(fileMode, 38);
  header.writeUInt32LE(isFar ? full32 : start, 42);
  return Buffer.concat([header, name, extra]);
}

/** The fields that both headers have, in the same order: from the version that is needed to the length of the extra fields. */
function writeCommon(
  header: Buffer,
  at: number,
  { entry, isLarge, name, extra }: { entry: ZipEntry; isLarge: boolean; name: Buffer; extra: Buffer },
): void {
  const { date, time } = dosTime(entry.modifiedAt);
  const shownSize = Math.min(entry.sizeBytes, full32);
  header.writeUInt16LE(isLarge ? versionZip64 : versionPlain, at);
  header.writeUInt16LE(utf8Flag, at + 2);
  // Method 0: stored.
  header.writeUInt16LE(time, at + 6);
  header.writeUInt16LE(date, at + 8);
  header.writeUInt32LE(entry.crc32, at + 10);
  header.writeUInt32LE(shownSize, at + 14);
  header.writeUInt32LE(shownSize, at + 18);
  header.writeUInt16LE(name.length, at + 22);
  header.writeUInt16LE(extra.length, at + 24);
}

interface Directory {
  readonly entryCount: number;
  readonly directorySize: number;
  readonly directoryStart: number;
}

function endOf(directory: Directory): Buffer {
  const { entryCount, directorySize, directoryStart } = directory;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const shownCount = Math.min(entryCount, full16);
  end.writeUInt16LE(shownCount, 8);
  end.writeUInt16LE(shownCount, 10);
  end.writeUInt32LE(Math.min(directorySize, full32), 12);
  end.writeUInt32LE(Math.min(directoryStart, full32), 16);
  const isLarge = entryCount >= full16 || directorySize >= full32 || directoryStart >= full32;
  return isLarge ? Buffer.concat([zip64End(directory), end]) : end;
}

/** The ZIP64 end of central directory, and the locator that says where it is. */
function zip64End({ entryCount, directorySize, directoryStart }: Directory): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  // The length of what follows in this record.
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(madeOnUnix | versionZip64, 12);
  end.writeUInt16LE(versionZip64, 14);
  end.writeBigUInt64LE(BigInt(entryCount), 24);
  end.writeBigUInt64LE(BigInt(entryCount), 32);
  end.writeBigUInt64LE(BigInt(directorySize), 40);
  end.writeBigUInt64LE(BigInt(directoryStart), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(directoryStart + directorySize), 64);
  // Of one disk.
  end.writeUInt32LE(1, 72);
  return end;
}

const none = Buffer.alloc(0);

function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return field;
}

/** The time in UTC ("UT"), which the other one, without a zone, cannot say; none for what 31 bits of seconds do not hold. */
function timeField({ modifiedAt }: ZipEntry): Buffer {
  const seconds = Math.floor(modifiedAt.getTime() / 1000);
  if (seconds < 0 || seconds > 0x7fffffff) return none;
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  // The time of the last change alone.
  field.writeUInt8(1, 4);
  field.writeInt32LE(seconds, 5);
  return field;
}

/** In steps of two seconds, of the years 1980 to 2107. */
function dosTime(time: Date): { date: number; time: number } {
  const year = time.getUTCFullYear();
  if (year < 1980) return { date: (1 << 5) | 1, time: 0 };
  const date = (Math.min(year - 1980, 127) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  return { date, time: (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1) };
}
